import type { Point } from '../face.ts'
import type { LiveEntity } from './entity.ts'
import { MAX_RINGS } from './limits.ts'

/** Points that are kept of a value. */
export const POINTS = 120

/** Slots of a ring's first arrays; they double until there are 120, so that a quiet value costs little. */
const FIRST = 8

/** The last 120 numbers of a value: at most 1,920 bytes. */
export class PointRing {
  #at = new Float64Array(FIRST)
  #values = new Float64Array(FIRST)
  #next = 0
  #length = 0

  add(at: number, value: number): void {
    if (this.#length === this.#at.length && this.#length < POINTS) this.#grow()
    this.#at[this.#next] = at
    this.#values[this.#next] = value
    this.#next = (this.#next + 1) % this.#at.length
    if (this.#length < this.#at.length) this.#length++
  }

  /** A copy, oldest first. */
  toPoints(): Point[] {
    const { length } = this.#at
    const first = this.#next - this.#length + length
    return Array.from({ length: this.#length }, (_, i) => {
      const slot = (first + i) % length
      return { at: this.#at[slot]!, value: this.#values[slot]! }
    })
  }

  // A ring that is not whole yet has never gone round: its points lie in order from slot 0 on.
  #grow(): void {
    const size = Math.min(POINTS, this.#at.length * 2)
    const [at, values] = [new Float64Array(size), new Float64Array(size)]
    at.set(this.#at)
    values.set(this.#values)
    this.#at = at
    this.#values = values
    this.#next = this.#length
  }
}

/** The recent numbers of all entities; of at most 5,000 values, which are 10 MB. */
export class RecentPoints {
  readonly #rings = new Map<LiveEntity, Map<string, PointRing>>()
  #count = 0

  /** The ring of a value, undefined while there is no room for another one. */
  ring(entity: LiveEntity, name: string): PointRing | undefined {
    return this.#rings.get(entity)?.get(name) ?? this.#create(entity, name)
  }

  of(entity: LiveEntity, name: string): readonly Point[] {
    return this.#rings.get(entity)?.get(name)?.toPoints() ?? []
  }

  forget(entity: LiveEntity): void {
    this.#count -= this.#rings.get(entity)?.size ?? 0
    this.#rings.delete(entity)
  }

  #create(entity: LiveEntity, name: string): PointRing | undefined {
    if (this.#count >= MAX_RINGS) return undefined
    const ring = new PointRing()
    const rings = this.#rings.get(entity)
    if (rings === undefined) this.#rings.set(entity, new Map([[name, ring]]))
    else rings.set(name, ring)
    this.#count++
    return ring
  }
}
