// The interop steps with mosquitto_pub and mosquitto_sub. Arguments and output: README.md.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

const [host, port, level, root, user, password, narrowUser, narrowPassword] = process.argv.slice(2) as [
  ...[string, string, string, string, string, string, string, string],
]
const isFive = level === '5'
const see = (step: string, text: string) => console.log(`${step}: ${text.replaceAll(`${root}/`, '')}`)

const FORMAT = '>|%t|%p|%q|%r|%F|%E|%C|%R|%D|%S|%P'
const NAMES = ['payloadFormat', 'messageExpiry', 'contentType', 'responseTopic', 'correlationData', 'subscriptionIds']
const hub = ['-h', host, '-p', port, '-V', isFive ? 'mqttv5' : 'mqttv311', '-d']
const full = ['-u', user, '-P', password]

function textOf(line: string): string {
  const [, topic, payload, qos, retain, ...rest] = line.split('|')
  const words = NAMES.flatMap((name, i) => (rest[i] === '' ? [] : [` ${name}=${rest[i]}`]))
  const pairs = rest[NAMES.length]!
  if (pairs !== '') words.push(` userProperties=${pairs.replaceAll(' ', ',')}`)
  return `${topic} ${payload} q${qos}${retain === '1' ? ' retain' : ''}${words.join('')}`
}

/** One run of a command and the lines it prints. */
class Run {
  readonly #child: ChildProcess
  readonly #lines: string[] = []
  readonly #waiting = new Set<() => void>()
  #isDone = false
  readonly code: Promise<number | null>

  constructor(command: string, login: readonly string[], words: readonly string[]) {
    // Line by line, also into a pipe.
    this.#child = spawn('stdbuf', ['-oL', command, ...hub, ...login, ...words], { stdio: ['ignore', 'pipe', 'ignore'] })
    const output = createInterface({ input: this.#child.stdout! }).on('line', line => this.#take(line))
    const exit = once(this.#child, 'exit') as Promise<[number | null]>
    // Not the exit alone: what was printed may still be on its way.
    this.code = Promise.all([exit, once(output, 'close')]).then(([[code]]) => {
      this.#isDone = true
      this.#wake()
      return code
    })
  }

  #take(line: string): void {
    this.#lines.push(line)
    this.#wake()
  }

  #wake(): void {
    for (const wake of this.#waiting) wake()
  }

  /** The line that fits for the nth time. */
  async line(fits: RegExp, nth = 1): Promise<RegExpExecArray> {
    for (;;) {
      const found = this.#lines.map(line => fits.exec(line)).filter(match => match !== null)[nth - 1]
      if (found !== undefined) return found
      if (this.#isDone) throw new Error(`no line ${fits} among\n${this.#lines.join('\n')}`)
      await new Promise<void>(resolve => this.#waiting.add(resolve))
      this.#waiting.clear()
    }
  }

  /** Waits for the end. @returns the messages that came. */
  async messages(): Promise<string[]> {
    await this.code
    return this.#lines.filter(line => line.startsWith('>'))
  }

  async see(step: string): Promise<void> {
    for (const line of await this.messages()) see(step, textOf(line))
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.code
  }
}

const at = (topic: string) => ['-t', `${root}/${topic}`]
const as = (name: string, expiry = '1000') => ['-i', `${root}-${name}`, '-c', ...(isFive ? ['-x', expiry] : [])]
const property = (...words: string[]) => ['-D', ...words]

/** Comes back to a session. The command ends after `count` messages. */
function resume(count: number, ...words: string[]): Run {
  return new Run('mosquitto_sub', full, ['-F', FORMAT, '-C', String(count), ...words])
}

/** Subscribes and waits until that is granted. */
async function listen(count: number, ...words: string[]): Promise<Run> {
  const run = resume(count, ...words)
  await run.line(/^Subscribed/)
  return run
}

async function publish(topic: string, payload: string, qos = 1, ...words: string[]): Promise<Run> {
  const message = payload === '' ? ['-n'] : ['-m', payload]
  const run = new Run('mosquitto_pub', full, [...at(topic), ...message, '-q', String(qos), ...words])
  await run.code
  return run
}

async function login(): Promise<void> {
  const codes = await Promise.all(
    [full, ['-u', user, '-P', 'wrong'], []].map(
      words => new Run('mosquitto_pub', words, [...at('login'), '-m', 'x']).code,
    ),
  )
  see('login', codes[0] === 0 ? 'welcome' : 'refused')
  see('login', `wrong password ${codes[1]}`)
  see('login', `nobody ${codes[2]}`)
}

async function messages(): Promise<void> {
  for (const qos of [0, 1, 2]) {
    const listener = await listen(1, ...at(`qos/${qos}`), '-q', String(qos))
    await publish(`qos/${qos}`, 'hello', qos)
    await listener.see('qos')
  }
  await publish('kept/a', 'old', 1, '-r')
  await publish('kept/a', 'new', 1, '-r')
  await publish('kept/b', 'gone', 1, '-r')
  await publish('kept/b', '', 1, '-r')
  const listener = await listen(2, ...at('kept/#'), '-q', '1')
  await publish('kept/end', 'end')
  await listener.see('retained')
}

const will = (topic: string) => ['--will-topic', `${root}/${topic}`, '--will-payload', 'gone', '--will-qos', '1']

async function wills(): Promise<void> {
  const watcher = await listen(1, ...at('wills/lost'), '-q', '1')
  await (await listen(1, ...at('nothing'), ...will('wills/lost'))).kill()
  await watcher.see('will')
}

/** A client that subscribes for good and goes. */
async function leave(name: string, topic: string, ...words: string[]): Promise<void> {
  await new Run('mosquitto_sub', full, [...as(name), ...at(topic), '-q', '2', '-E', ...words]).code
}

async function session(): Promise<void> {
  await leave('sleeper', 'away/#')
  await publish('away/1', 'one', 1)
  await publish('away/2', 'two', 2)
  await publish('away/0', 'lost', 0)
  await publish('away/end', 'end', 2)
  await resume(3, ...as('sleeper'), ...at('away/#'), '-q', '2').see('session')
}

async function takeover(): Promise<void> {
  const old = await listen(1, ...at('nothing'), '-i', `${root}-twin`)
  const listener = await listen(1, ...at('takeover'), '-q', '1')
  await publish('takeover', 'here', 1, '-i', `${root}-twin`)
  if (isFive) see('takeover', `closed ${(await old.line(/^Received DISCONNECT \((\d+)\)/))[1]}`)
  // Before 5.0 the command shows that it was closed only by its next try, a second later.
  else await old.line(/sending CONNECT/, 2).then(() => see('takeover', 'closed'))
  await listener.see('takeover')
  await old.kill()
}

async function refusals(): Promise<void> {
  const narrow = ['-u', narrowUser, '-P', narrowPassword]
  const listener = new Run('mosquitto_sub', narrow, [...at('closed'), '-q', '1'])
  see('refused filter', (await listener.line(/^Subscribed \(mid: 1\): (\d+)/))[1]!)
  if (!isFive) return
  const PUBACK = /received PUBACK .*RC:(\d+)/
  const refused = new Run('mosquitto_pub', narrow, [...at('closed'), '-m', 'x', '-q', '1'])
  see('refused publish', (await refused.line(PUBACK))[1]!)
  see('no subscribers', (await (await publish('nobody', 'x')).line(PUBACK))[1]!)
}

async function properties(): Promise<void> {
  const listener = await listen(1, ...at('request'), '-q', '1')
  const [, id] = await listener.line(/^Client (\S+) received CONNACK/)
  see('assigned client id', id === '(null)' ? 'none' : 'given')
  const answers = await listen(1, ...at('answer'), '-q', '1')
  const about = {
    'payload-format-indicator': '1',
    'content-type': 'text/plain',
    'response-topic': `${root}/answer`,
    'correlation-data': 'c7',
  }
  await publish(
    'request',
    'hello',
    1,
    ...[
      ...Object.entries(about).flatMap(([name, value]) => property('publish', name, value)),
      ...['a 1', 'a 3', 'b 2'].flatMap(pair => property('publish', 'user-property', ...pair.split(' '))),
    ],
  )
  const [request] = await listener.messages()
  see('properties', textOf(request!))
  const [responseTopic, correlationData] = request!.split('|').slice(8, 10)
  const topic = responseTopic!.replace(`${root}/`, '')
  await publish(topic, 'yes', 1, ...property('publish', 'correlation-data', correlationData!))
  await answers.see('properties')
}

/** A lasting session that ends as told, comes back, and shows what waited for it. */
async function absence(name: string, expiry: string, ...ending: string[]): Promise<void> {
  const terms = [...as(`absent-${expiry}`, expiry), ...at('absent'), '-q', '1']
  await new Run('mosquitto_sub', full, [...terms, '-E', ...ending]).code
  await publish('absent', 'kept')
  const back = await listen(2, ...terms)
  await publish('absent', 'end')
  // The second `end` stops the command where nothing was kept.
  await publish('absent', 'end')
  const payloads = (await back.messages()).map(line => line.split('|')[2])
  see('session expiry', `${name}: ${[...new Set(payloads)].join(' ')}`)
}

async function expiry(): Promise<void> {
  await absence('without', '0')
  await absence('with 100', '100')
  await absence('ended by disconnect', '200', ...property('disconnect', 'session-expiry-interval', '0'))
  await leave('expiry', 'expiry/#')
  await publish('expiry/short', 'short', 1, ...property('publish', 'message-expiry-interval', '1'))
  await publish('expiry/long', 'long', 1, ...property('publish', 'message-expiry-interval', '100'))
  const watcher = await listen(1, ...at('wills/late'), '-q', '1')
  // The will with a delay of a second is later than a message that expires in one.
  const delay = property('will', 'will-delay-interval', '1')
  await (await listen(1, ...as('late'), ...at('nothing'), ...will('wills/late'), ...delay)).kill()
  await watcher.see('will delay')
  await resume(1, ...as('expiry'), ...at('expiry/#'), '-q', '1').see('message expiry')
}

async function options(): Promise<void> {
  const own = await listen(1, ...at('published'), '-q', '1', '--retain-as-published')
  await publish('published', 'kept', 1, '-r')
  await own.see('retain as published')
  const identifier = property('subscribe', 'subscription-identifier', '7')
  const identified = await listen(1, ...at('identified'), '-q', '1', ...identifier)
  await publish('identified', 'hello')
  await identified.see('subscription identifier')
  const filter = ['-t', `$share/group/${root}/shared`, '-q', '1']
  const members = [await listen(2, ...filter), await listen(2, ...filter)]
  for (const payload of ['1', '2', '3', '4']) await publish('shared', payload)
  const came = await Promise.all(members.map(member => member.messages()))
  see('shared subscription', `${came[0]!.length} and ${came[1]!.length} of ${new Set(came.flat()).size}`)
}

await Promise.all([login(), messages(), wills(), session(), takeover(), refusals()])
if (isFive) await Promise.all([properties(), expiry(), options()])
process.exit()
