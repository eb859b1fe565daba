// What topic filters say about each other. `a/#` includes `a` itself, as everywhere in MQTT.

/** Whether every topic that `narrow` matches is matched by `wide`. */
export function covers(wide: string, narrow: string): boolean {
  const outer = wide.split('/')
  const inner = narrow.split('/')
  for (let i = 0; ; i++) {
    if (outer[i] === '#') return true
    if (i === inner.length || i === outer.length) return inner.length === outer.length
    if (inner[i] === '#' || (outer[i] !== '+' && outer[i] !== inner[i])) return false
  }
}

/** Whether some topic is matched by both. */
export function overlaps(one: string, other: string): boolean {
  const a = one.split('/')
  const b = other.split('/')
  for (let i = 0; ; i++) {
    if (a[i] === '#' || b[i] === '#') return true
    if (i === a.length || i === b.length) return a.length === b.length
    if (a[i] !== '+' && b[i] !== '+' && a[i] !== b[i]) return false
  }
}

export function isCovered(filter: string, by: readonly string[]): boolean {
  return by.some(wide => covers(wide, filter))
}
