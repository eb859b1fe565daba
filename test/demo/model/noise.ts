/** A number from 0 to 1 that follows from the name and the index alone. */
export function chance(name: string, index: number): number {
  let hash = 2_166_136_261 ^ Math.trunc(index)
  hash = Math.imul(hash ^ Math.trunc(index / 4_294_967_296), 16_777_619)
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 16_777_619)
  hash = Math.imul(hash ^ (hash >>> 16), 2_246_822_507)
  hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909)
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296
}

/** A smooth curve from -1 to 1 through random points at whole `x`. */
export function wander(name: string, x: number): number {
  const left = Math.floor(x)
  const weight = (1 - Math.cos((x - left) * Math.PI)) / 2
  return 2 * (chance(name, left) * (1 - weight) + chance(name, left + 1) * weight) - 1
}
