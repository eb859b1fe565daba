import { posix } from 'node:path'
import { faces, homes, roomOf, rooms } from './rooms.ts'
import { scan, type Import } from './scan.ts'
import { isCode, type Finding, type Source } from './sources.ts'

const isConfig = (path: string) => /(^|\/)(vite|vitest|drizzle)\.config\.ts$|\.mjs$/.test(path)

/** The path in this project that an import means, or undefined for packages and `node:`. */
function resolve(from: string, target: string): string | undefined {
  if (target.startsWith('.')) return posix.join(posix.dirname(from), target.replace(/\?.*$/, ''))
  if (target.startsWith('#'))
    return faces[target] === undefined ? target : `${faces[target]}/${target === '#api' ? 'contract' : 'index'}.ts`
  return undefined
}

const packageOf = (target: string) => target.split('/', target.startsWith('@') ? 2 : 1).join('/')

/** Why a file may not use this package or `node:` module, or undefined. */
function checkOutside(path: string, target: string): string | undefined {
  const room = roomOf(path)
  if (room === 'test') return undefined
  if (target.startsWith('node:')) {
    const node = isConfig(path) ? ['*'] : (rooms[room]?.node ?? [])
    if (node.includes('*') || node.includes(target)) return undefined
    return `${room} may not import ${target}: ${rooms[room]?.belongs}`
  }
  const home = homes[packageOf(target)]
  if (!home) return `${packageOf(target)} has no home yet: name the room that may use it in test/architecture/rooms.ts`
  if (home.some(place => path.startsWith(place))) return undefined
  return `${packageOf(target)} may be used in ${home.join(', ')} only: put this code there`
}

/** Tests may use the faces, each other, and any file of the area they test. */
function checkTest(path: string, wanted: string): string | undefined {
  const [, first = '', second = ''] = path.split('/')
  const area = rooms[first] ? (first === 'server' ? `server/${second}` : first) : `server/${first}`
  const room = roomOf(wanted)
  if (room === 'test' || room === area || room === 'server' || wanted.endsWith('/index.ts')) return undefined
  if (wanted === 'server/api/contract.ts' || wanted === 'package.json') return undefined
  return `a test outside test/${room} may import only the face of ${room} (its index.ts), not ${wanted}`
}

/** Why this import of another file of the project breaks the matrix, or undefined. */
function checkInside(path: string, found: Import, wanted: string): string | undefined {
  const room = roomOf(path)
  const other = roomOf(wanted)
  const byName = found.target.startsWith('#')
  if (byName && !faces[found.target])
    return `${found.target} is no name of this project: ${Object.keys(faces).join(' ')}`
  if (room === 'test' && !byName) return checkTest(path, wanted)
  if (room === other) return byName ? `inside ${room} import by relative path, not ${found.target}` : undefined
  if (isConfig(path)) return undefined
  const use = rooms[room]?.may[other] ?? rooms[room]?.may['*']
  if (!use) return `${room} may not import ${other}: ${rooms[room]?.belongs}`
  if (use === 'type' && !found.typeOnly)
    return `${room} may import only types of ${other} (import type): ${rooms[room]?.belongs}`
  if (byName) return undefined
  const face = Object.keys(faces).find(name => faces[name] === other)
  // The verbs have no face: server/main.ts alone stands above them.
  if (other === 'server' || (other === 'server/cli' && path === 'server/main.ts')) return undefined
  if (face && (other !== 'server/api' || !room.startsWith('server')))
    return `import ${other} by its name ${face}, not by path`
  if (!room.startsWith('server')) return `${room} may not reach into ${other} by path`
  return wanted === `${other}/index.ts` ? undefined : `import ${other} through ${other}/index.ts, not ${wanted}`
}

/** The import matrix, the homes of packages, and the doors between rooms. */
export function checkImports(sources: readonly Source[]): Finding[] {
  return sources.filter(isCode).flatMap(source => {
    const { path } = source
    if (!rooms[roomOf(path)])
      return [
        {
          path,
          line: 0,
          says: `${roomOf(path)} is no room of the house (test/architecture/rooms.ts): put this code into one that is`,
        },
      ]
    return scan(source).imports.flatMap(found => {
      const wanted = resolve(path, found.target)
      const says = wanted === undefined ? checkOutside(path, found.target) : checkInside(path, found, wanted)
      return says === undefined ? [] : [{ path, line: found.line, says }]
    })
  })
}

/** Rings of files that import each other at run time; types alone make no ring. */
export function checkCycles(sources: readonly Source[]): Finding[] {
  const known = new Set(sources.map(source => source.path))
  const edges = new Map<string, { to: string; line: number }[]>()
  for (const source of sources.filter(isCode)) {
    const out = scan(source).imports.flatMap(({ target, line, typeOnly }) => {
      const to = typeOnly ? undefined : resolve(source.path, target)
      return to !== undefined && known.has(to) ? [{ to, line }] : []
    })
    edges.set(source.path, out)
  }
  const findings: Finding[] = []
  const done = new Set<string>()
  const trail: string[] = []
  function walk(path: string) {
    trail.push(path)
    for (const { to, line } of edges.get(path) ?? []) {
      const start = trail.indexOf(to)
      if (start >= 0)
        findings.push({
          path,
          line,
          says: `import ring: ${[...trail.slice(start), to].join(' -> ')}. Move what both need into a third file`,
        })
      else if (!done.has(to)) walk(to)
    }
    trail.pop()
    done.add(path)
  }
  for (const path of edges.keys()) if (!done.has(path)) walk(path)
  return findings
}
