import type { ReadingKey } from './readings.ts'
import type { State } from './state.ts'

/** What is wrong, in words: what and where, what to do, and the page where that is done. */
export interface Trouble {
  /** Stable name: of the reading, or of what was told by somebody else. */
  readonly code: string
  readonly state: Extract<State, 'warning' | 'bad'>
  readonly what: string
  /** A path, a client, a name; null where the sentence says it. */
  readonly where: string | null
  readonly repair: string
  /** Path of a page, null where no page mends it. */
  readonly link: string | null
}

export interface Problem extends Trouble {
  /** Wall-clock milliseconds. */
  readonly since: number
}

/** A reading that is not good. */
export interface Ill {
  readonly value: number | string | null
  readonly state: Trouble['state']
  /** The data folder; the client with the fullest queue. */
  readonly folder: string
  readonly client: string | null
}

type Words = Pick<Trouble, 'what' | 'repair' | 'link'> & Partial<Pick<Trouble, 'where'>>

const WRITING = '/settings/health#writing'
const SPACE = '/settings/health#space'

/** `1.4 GB` */
export function bytesText(bytes: number): string {
  const [size, unit] = bytes >= 1e9 ? [1e9, 'GB'] : bytes >= 1e6 ? [1e6, 'MB'] : [1e3, 'kB']
  const figure = bytes / size
  return `${figure >= 100 ? Math.round(figure) : Math.round(figure * 10) / 10} ${unit}`
}

/** `800 ms`, `3.2 s` */
export function timeText(milliseconds: number): string {
  return milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : `${Math.round(milliseconds / 100) / 10} s`
}

const CLOCKS: Readonly<Record<string, Words>> = {
  unset: {
    what: 'The clock of the machine was never set',
    repair:
      'Connect the machine to the internet, or set its clock. Until then no history is kept and rules with times wait.',
    link: null,
  },
  unsynchronised: {
    what: 'Nobody sets the clock of the machine',
    repair: 'Let the machine reach a time server (UDP port 123), or name one in /etc/systemd/timesyncd.conf.',
    link: null,
  },
  jumped: {
    what: 'The clock of the machine jumped',
    repair:
      'Times around then may be off. Once after a start, or after sleep, this is normal; else look at who sets the clock.',
    link: null,
  },
}

const SUPPLIES: Readonly<Record<string, Words>> = {
  undervoltage: {
    what: 'The voltage of the supply is too low',
    repair:
      'Use the supply made for this board and a short cable, and unplug USB devices that take their power from it.',
    link: null,
  },
  undervoltage_before: {
    what: 'The voltage of the supply was too low for a moment',
    repair: 'Use the supply made for this board and a short cable: such dips damage files on the card.',
    link: null,
  },
  throttled: {
    what: 'The processor is slowed down, because it is too hot or its supply too weak',
    repair: 'Give the board air or a heat sink, and use the supply made for it.',
    link: null,
  },
}

/** What a reading that is not good means. */
const WORDS: Readonly<Record<ReadingKey, (ill: Ill & { readonly number: number }) => Words>> = {
  loop_delay: ({ number }) => ({
    what: `Hob is late: its turns wait up to ${timeText(number)}`,
    repair:
      'See which client says most, and which rules run most. If none stands out, the machine is too weak or too hot.',
    link: '/messages/clients?sort=busy',
  }),
  commit_time: ({ number, folder }) => ({
    what: `The disk is slow: a write took ${timeText(number)}`,
    where: folder,
    repair:
      'Move the data folder to a better card or an SSD. A card that slows down more and more is about to fail: make a backup.',
    link: null,
  }),
  commit_queue: ({ number, folder }) => ({
    what: `The disk does not keep up: ${number} changes wait for it`,
    where: folder,
    repair: 'See which client says most with QoS 1 or 2, or as retained. If none stands out, the disk is too slow.',
    link: '/messages/clients?sort=busy',
  }),
  client_queue: ({ number, client }) => ({
    what:
      number >= 100
        ? 'The queue of a client is full: messages for it are lost'
        : `The queue of a client is ${Math.round(number)} % full`,
    where: client,
    repair: 'Connect it again, or end its session if it is gone for good.',
    link: '/messages/clients?sort=waiting',
  }),
  memory: ({ number }) => ({
    what: `Hob takes ${bytesText(number)} of memory`,
    repair:
      'See how many messages wait for clients that are away. If none do, restart Hob and report what it did before.',
    link: '/messages/clients?sort=waiting',
  }),
  written: ({ number }) => ({
    what: `Hob writes ${bytesText(number)} a day, which wears a memory card out`,
    repair: 'Let values wait longer before they are written, and see who writes most.',
    link: WRITING,
  }),
  disk_free: ({ number, folder }) => ({
    what: `The disk has ${bytesText(number)} left`,
    where: folder,
    repair: 'Remove files from it, or keep history for fewer days. When it is full, nothing can be changed any more.',
    link: SPACE,
  }),
  full_in: ({ number, folder }) => ({
    what: number < 1 ? 'The disk is full within a day' : `The disk is full in ${Math.round(number)} days`,
    where: folder,
    repair: 'Keep history for fewer days, of what takes most, or use a larger disk.',
    link: SPACE,
  }),
  clock: ({ value }) => CLOCKS[String(value)]!,
  temperature: ({ number }) => ({
    what: `The processor has ${Math.round(number)} °C`,
    repair: 'Give the board air or a heat sink. From 80 °C on it slows itself down.',
    link: null,
  }),
  power: ({ value }) => SUPPLIES[String(value)]!,
}

/** The trouble that a reading stands for. */
export function troubleOf(key: ReadingKey, ill: Ill): Trouble {
  const { what, where = null, repair, link } = WORDS[key]({ ...ill, number: Number(ill.value) })
  return { code: key, state: ill.state, what, where, repair, link }
}

/** The problems there are, each with the time since which it is there. */
export function createProblems() {
  let problems: readonly Problem[] = []
  return {
    current: () => problems,
    /** @returns whether one came, went, or is worse or better. */
    set(troubles: readonly Trouble[], now: number): boolean {
      const before = new Map(problems.map(each => [each.code, each]))
      const key = (each: Trouble) => `${each.code} ${each.state}`
      const isSame = troubles.map(key).join() === problems.map(key).join()
      problems = troubles.map(each => ({ ...each, since: before.get(each.code)?.since ?? now }))
      return !isSame
    },
  }
}
