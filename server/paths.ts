import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

function findRoot(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder
    if (folder === dirname(folder)) throw new Error(`no package.json above ${import.meta.dirname}`)
  }
}

/** The folder that holds package.json: the clone, or the installed release. */
export const rootFolder = findRoot()

/** The version of this program. */
export const version = (JSON.parse(readFileSync(join(rootFolder, 'package.json'), 'utf8')) as { version: string })
  .version

const built = join(rootFolder, 'dist', 'web')

/** The built web UI, or null when it was not built. */
export const webFolder = existsSync(join(built, 'index.html')) ? built : null

/** Where data lives unless told: `./data` in a clone, `/var/lib/hob` when installed. */
export const defaultDataFolder = rootFolder.startsWith('/opt/hob/') ? '/var/lib/hob' : join(rootFolder, 'data')

/** The unix socket of the command line, in the data folder. */
export const LOCAL_SOCKET = 'hob.sock'
