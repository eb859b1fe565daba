import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { HobError, toIso } from '#kernel'
import { contentsJson } from './backup.ts'
import { givenPassphrase, passphraseFlag } from './passphrase.ts'
import { word, type Call, type Verb } from './verb.ts'

async function passphraseFor(call: Call): Promise<string> {
  const given = await givenPassphrase(call)
  if (given !== null) return given
  const { loadKey } = await import('../system/index.ts')
  const passphrase = await loadKey(call.data)
  if (passphrase !== null) return passphrase
  throw new HobError(
    'backup.no_passphrase',
    `${call.data} holds no backup.key: give the passphrase of the backup, or the key of the hub that made it, with --passphrase-stdin`,
  )
}

/** `hob restore`: a backup takes the place of what the data folder holds. */
export const restore: Verb = {
  name: 'restore',
  forms: ['FILE [--passphrase-stdin]'],
  summary: 'put a backup in the place of the house; the hub must be stopped, what was there is kept beside',
  words: 1,
  flags: {
    'passphrase-stdin': {
      ...passphraseFlag,
      help: 'read its passphrase, or the key it was made with, from standard input (default: backup.key in the data folder)',
    },
  },
  async run(call) {
    const path = resolve(word(call, 0, 'FILE'))
    const { data } = call
    const passphrase = await passphraseFor(call)
    const [{ copyingHere, lockFolder }, { restoreBackup }] = await Promise.all([
      import('../storage/index.ts'),
      import('../system/index.ts'),
    ])
    mkdirSync(data, { recursive: true, mode: 0o700 })
    const lock = lockFolder(data)
    try {
      const restoring = { data, path, passphrase, now: Date.now(), ...copyingHere }
      const { contents, aside } = await restoreBackup(restoring)
      if (call.json) call.print(JSON.stringify({ data, aside, ...contentsJson(contents) }))
      else call.print(`${data} is the house of ${toIso(contents.madeAt)} again`)
      if (aside !== null) call.complain(`what was there is in ${aside}; remove it when all is well`)
      return 0
    } finally {
      lock.release()
    }
  },
}
