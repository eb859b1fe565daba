import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HobError, type Random } from '#kernel'
import { replaceFile } from '../files.ts'

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 130 bits. */
const LENGTH = 26

/** Where a data folder keeps the passphrase of the backups that the hub makes by itself. */
export function keyPath(folder: string): string {
  return join(folder, 'backup.key')
}

/** The key of a data folder, null when it has none. @throws HobError `backup.bad_key` */
export async function loadKey(folder: string): Promise<string | null> {
  const path = keyPath(folder)
  let text: string
  try {
    text = (await readFile(path, 'utf8')).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  if (new RegExp(`^[${CROCKFORD}]{${LENGTH}}$`).test(text)) return text
  throw new HobError(
    'backup.bad_key',
    `${path} holds no key of ${LENGTH} letters and digits; write the key into it again, or remove it: then a new one is made, which opens no earlier backup`,
  )
}

/** The key of a data folder; one that has none gets one, for its owner alone. @throws HobError `backup.bad_key` */
export async function openKey(folder: string, random: Random): Promise<string> {
  const found = await loadKey(folder)
  if (found !== null) return found
  const key = Array.from(random(LENGTH), byte => CROCKFORD[byte & 31]).join('')
  await replaceFile(keyPath(folder), `${key}\n`)
  return key
}
