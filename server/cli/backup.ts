import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { toIso } from '#kernel'
import { version } from '../paths.ts'
import type { Contents } from '../system/index.ts'
import { withHub, type Ask } from './hub-request.ts'
import { givenPassphrase, passphraseFlag } from './passphrase.ts'
import { stopOnSignal } from './start.ts'
import { word, type Call, type Verb } from './verb.ts'

/** What a backup holds, for programs. */
export function contentsJson({ madeAt, version: by, files }: Contents) {
  return { madeAt: toIso(madeAt), version: by, files: files.map(({ name, bytes }) => ({ name, bytes })) }
}

interface Wanted {
  readonly path: string
  readonly history: boolean
  /** The passphrase that was given, null for `backup.key`. */
  readonly given: string | null
}

async function make(call: Call, ask: Ask, { path, history, given }: Wanted): Promise<Contents> {
  const [{ copyingHere }, { loadKey, makeBackup }] = await Promise.all([
    import('../storage/index.ts'),
    import('../system/index.ts'),
  ])
  const copying = ask('POST', '/system/copies', { history, key: given === null }) as Promise<{ folder: string }>
  void stopOnSignal(async () => {
    // At once and for good: what goes on beside must not make them anew.
    const { folder } = await copying
    for (const left of [folder, `${path}.partial`]) rmSync(left, { recursive: true, force: true })
    call.complain('hob: the backup was stopped')
    process.exit(1)
  })
  const { folder: copies } = await copying
  const madeAt = Date.now()
  try {
    const passphrase = given ?? (await loadKey(call.data))!
    return await makeBackup({
      ...{ data: call.data, copies, path, madeAt, version, passphrase, random: length => randomBytes(length) },
      check: copyingHere.check,
    })
  } finally {
    rmSync(copies, { recursive: true, force: true })
  }
}

/** `hob backup`: the house in one sealed file. */
export const backup: Verb = {
  name: 'backup',
  forms: ['FILE [--without-history] [--passphrase-stdin]'],
  summary: 'the house in one encrypted file, tried out before it gets its name; the hub may run meanwhile',
  words: 1,
  flags: {
    'without-history': { type: 'boolean', help: 'leave out what was recorded' },
    'passphrase-stdin': {
      ...passphraseFlag,
      help: 'read the passphrase from standard input (default: backup.key in the data folder)',
    },
  },
  async run(call) {
    const path = resolve(word(call, 0, 'FILE'))
    const history = call.flags['without-history'] !== true
    const given = await givenPassphrase(call)
    const { keyPath } = await import('../system/index.ts')
    const contents = await withHub(call, ask => make(call, ask, { path, history, given }))
    if (call.json) call.print(JSON.stringify({ file: path, ...contentsJson(contents) }))
    else {
      const bytes = contents.files.reduce((sum, file) => sum + file.bytes, 0)
      call.print(`${path} holds the house as it is now (${Math.ceil(bytes / 1024)} KiB), and opens`)
    }
    const config = process.env['HOB_CONFIG']
    if (config !== undefined && resolve(config) !== resolve(call.data, 'config.yaml')) {
      call.complain(
        `${config}, and certificate files that it names, are not in the backup; keep a copy of them elsewhere`,
      )
    }
    if (given === null) {
      call.complain(
        `the key in ${keyPath(call.data)} opens it; keep a copy of it elsewhere, nothing else opens the backup`,
      )
    }
    return 0
  },
}
