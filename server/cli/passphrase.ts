import { UsageError, type Call, type Flag } from './verb.ts'

/** Characters of a passphrase that a person thought of. */
const LEAST = 10

export const passphraseFlag: Flag = { type: 'boolean', help: 'read the passphrase from standard input' }

/** What stands on standard input, without the end of its line. */
export async function readStandardInput(): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of process.stdin) parts.push(part as Buffer)
  return Buffer.concat(parts)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}

/** The passphrase from standard input, null when it was not said that there is one. @throws UsageError */
export async function givenPassphrase(call: Call): Promise<string | null> {
  if (call.flags['passphrase-stdin'] !== true) return null
  const passphrase = await readStandardInput()
  if (passphrase.length < LEAST) throw new UsageError(`a passphrase has at least ${LEAST} characters`)
  return passphrase
}
