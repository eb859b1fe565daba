/** Numbers from 0 to 1 that a seed determines. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

/** Bytes that often stand at a border of the format. */
const BORDERS = [0x00, 0x01, 0x02, 0x7f, 0x80, 0xff, 0xc0, 0xed, 0x10, 0x26, 0x30, 0x32, 0x36, 0x62, 0x82]

export function below(random: () => number, limit: number): number {
  return Math.floor(random() * limit)
}

export function pick<T>(random: () => number, list: readonly T[]): T {
  return list[below(random, list.length)]!
}

/** Changes, cuts and lengthens a packet, and joins it with another. */
export function mutate(random: () => number, bytes: Buffer, others: readonly Buffer[]): Buffer {
  let mutated = Buffer.from(bytes)
  for (let left = below(random, 4); left > 0 && mutated.length > 0; left--) {
    const at = below(random, mutated.length)
    switch (below(random, 6)) {
      case 0:
        mutated[at] = below(random, 256)
        break
      case 1:
        mutated[at] = pick(random, BORDERS)
        break
      case 2:
        mutated[at] = mutated[at]! ^ (1 << below(random, 8))
        break
      case 3:
        mutated = Buffer.concat([mutated.subarray(0, at), mutated.subarray(at + 1 + below(random, 4))])
        break
      case 4:
        mutated = Buffer.concat([mutated.subarray(0, at), Buffer.from([pick(random, BORDERS)]), mutated.subarray(at)])
        break
      default:
        mutated = Buffer.concat([mutated, pick(random, others)])
    }
  }
  return mutated
}
