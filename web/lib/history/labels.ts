/** Moves labels apart: each as close as may be to where it belongs, `least` from the next, within `from` to `to`. In the given order. */
export function spread(
  wanted: readonly number[],
  { least, from, to }: { least: number; from: number; to: number },
): number[] {
  const order = wanted.map((_, index) => index).toSorted((a, b) => wanted[a]! - wanted[b]!)
  const places = [...wanted]
  let edge = from
  for (const index of order) {
    places[index] = Math.max(places[index]!, edge)
    edge = places[index] + least
  }
  edge = to
  for (const index of order.toReversed()) {
    places[index] = Math.min(places[index]!, edge)
    edge = places[index] - least
  }
  return places
}
