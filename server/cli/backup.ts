import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { toIso } from '#kernel'
import { version } from '../paths.ts'
import type { Contents } from '../system/index.ts'
import { withHub } from './hub-request.ts'
import { givenPassphrase, passphraseFlag } from './passphrase.ts'
import { word, type Verb } from './verb.ts'

/** What a backup holds, for programs. */
export function contentsJson({ madeAt, version: by, files }: Contents) {
  return { madeAt: toIso(madeAt), version: by, files: files.map(({ name, bytes }) => ({ name, bytes })) }
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
    const [{ copyingHere }, { keyPath, makeBackup, openKey }] = await Promise.all([
      import('../storage/index.ts'),
      import('../system/index.ts'),
    ])
    const random = (length: number) => randomBytes(length)
    const contents = await withHub(call, async ask => {
      const passphrase = given ?? (await openKey(call.data, random))
      const { folder } = (await ask('POST', '/system/copies', { history })) as { folder: string }
      const madeAt = Date.now()
      return makeBackup({
        ...{ data: call.data, copies: folder, path, madeAt, version, passphrase, random },
        check: copyingHere.check,
      })
    })
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
