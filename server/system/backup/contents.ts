import { isJsonObject, parseJson } from '#kernel'

const KIBIBYTE = 1024
const GIBIBYTE = 1024 ** 3

/** What a backup may hold, by its place in the data folder, and the most bytes of each. */
const FILES: ReadonlyMap<string, number> = new Map([
  ['hub.db', 64 * GIBIBYTE],
  ['history.db', 256 * GIBIBYTE],
  ['config.yaml', 1024 * KIBIBYTE],
  ['backup.key', KIBIBYTE],
  ['certs/device-ca.key', 64 * KIBIBYTE],
  ['certs/device-ca.pem', 64 * KIBIBYTE],
  ['certs/mqtts.key', 64 * KIBIBYTE],
  ['certs/mqtts.pem', 64 * KIBIBYTE],
])

export const fileNames: readonly string[] = Array.from(FILES.keys())
/** Those that are copied out of a running hub; the others are read as they lie there. */
export const databaseNames: readonly string[] = ['hub.db', 'history.db']

/** Bytes of the list at the beginning of a backup. */
export const MAX_LIST = 16 * KIBIBYTE

export interface ListedFile {
  /** Its place in the data folder. */
  readonly name: string
  readonly bytes: number
  /** SHA-256, in hex. */
  readonly sum: string
}

/** The list of contents, which stands before them. */
export interface Contents {
  /** Milliseconds since 1970. */
  readonly madeAt: number
  /** Version of the hob that made it. */
  readonly version: string
  readonly files: readonly ListedFile[]
}

function isCount(given: unknown): given is number {
  return Number.isSafeInteger(given) && (given as number) >= 0
}

function readFile(given: unknown): ListedFile | string {
  if (!isJsonObject(given)) return 'its list names something that is no file'
  const { name, bytes, sum } = given
  if (typeof name !== 'string' || !FILES.has(name)) {
    return `it holds ${JSON.stringify(name)}, which has no place in a data folder`
  }
  const most = FILES.get(name)!
  if (!isCount(bytes) || bytes > most) return `${name} is said to have ${JSON.stringify(bytes)} bytes, at most ${most}`
  if (typeof sum !== 'string' || !/^[0-9a-f]{64}$/.test(sum)) return `${name} has no sum`
  return { name, bytes, sum }
}

/** @returns the list, or what is wrong with it. */
export function parseContents(text: string): Contents | string {
  const given = parseJson(text)
  if (!isJsonObject(given)) return 'its list cannot be read'
  const { madeAt, version, files } = given
  if (!isCount(madeAt) || typeof version !== 'string' || !Array.isArray(files)) return 'its list lacks something'
  const read: ListedFile[] = []
  for (const each of files) {
    const file = readFile(each)
    if (typeof file === 'string') return file
    if (read.some(({ name }) => name === file.name)) return `it holds ${file.name} twice`
    read.push(file)
  }
  if (!read.some(({ name }) => name === 'hub.db')) return 'it holds no hub.db'
  return { madeAt, version, files: read }
}
