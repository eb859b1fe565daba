/** One line of a comparison. `fold` stands for lines that are the same on both sides and not told. */
export type DiffLine =
  | { readonly kind: 'same' | 'old' | 'new'; readonly text: string }
  | { readonly kind: 'fold'; readonly count: number }

/** Same lines that are told around a difference. */
const AROUND = 3
/** Above so many pairs of lines the middle is told as wholly old and new: exactness would cost seconds. */
const MAX_PAIRS = 4_000_000

/** What became of the lines of `before` in `after`: the longest lines in common stay, long equal parts are folded. */
export function diffLines(before: string, after: string): DiffLine[] {
  const a = before.split('\n')
  const b = after.split('\n')
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++
  const same = (lines: string[]): DiffLine[] => lines.map(text => ({ kind: 'same', text }))
  return fold([
    ...same(a.slice(0, start)),
    ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...same(a.slice(a.length - end)),
  ])
}

function middle(a: readonly string[], b: readonly string[]): DiffLine[] {
  const told = (kind: 'old' | 'new', lines: readonly string[]): DiffLine[] => lines.map(text => ({ kind, text }))
  if (a.length * b.length > MAX_PAIRS) return [...told('old', a), ...told('new', b)]
  // common[i][j]: lines that a from i and b from j have in common, in order.
  const common = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i]![j] = a[i] === b[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!)
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i]! })
      i++
      j++
    } else if (common[i + 1]![j]! >= common[i]![j + 1]!) lines.push({ kind: 'old', text: a[i++]! })
    else lines.push({ kind: 'new', text: b[j++]! })
  }
  return [...lines, ...told('old', a.slice(i)), ...told('new', b.slice(j))]
}

function fold(lines: readonly DiffLine[]): DiffLine[] {
  const isNear = (index: number) =>
    lines.slice(Math.max(0, index - AROUND), index + AROUND + 1).some(({ kind }) => kind !== 'same')
  const folded: DiffLine[] = []
  for (const [index, line] of lines.entries()) {
    const last = folded.at(-1)
    if (line.kind !== 'same' || isNear(index)) folded.push(line)
    else if (last?.kind === 'fold') folded[folded.length - 1] = { kind: 'fold', count: last.count + 1 }
    else folded.push({ kind: 'fold', count: 1 })
  }
  return folded
}
