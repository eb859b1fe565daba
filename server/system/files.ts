import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HobError } from '#kernel'

const OWNER_ALONE = 0o600

/**
 * The text of a file, null when it is not there.
 * @throws HobError `certificates.unreadable`
 */
export async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return null
    throw new HobError('certificates.unreadable', `${path} cannot be read (${code ?? message}); see its rights`)
  }
}

/** Puts a text in the place of a file, for its owner alone: after a power cut there is the old one or the new one. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const beside = `${path}.new`
  const file = await open(beside, 'w', OWNER_ALONE)
  try {
    await file.chmod(OWNER_ALONE)
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(beside, path)
  await syncFolder(dirname(path))
}

/** Makes the names in a folder last through a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
