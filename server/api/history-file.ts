import { toIso } from '#kernel'
import type { Entity, Scalar } from '#devices'
import type { ExportPage } from '../history/index.ts'

/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/

/** One field of a CSV file (RFC 4180). Texts of devices never become formulas. */
function field(value: Scalar): string {
  if (value === null) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const safe = FORMULA.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

type Row = Readonly<Record<string, Scalar>>

function rowsOf(entity: Entity, { value, at, values, band }: ExportPage): Row[] {
  const { name, spec } = value
  const whose = { device: entity.device.slug, entity: entity.slug, value: name }
  return at.map((time, i) => {
    const row = { time: toIso(time), ...whose, reading: values[i]!, unit: spec.unit ?? null }
    if (band === null) return row
    return { ...row, min: band.min[i]!, max: band.max[i]!, sum: band.sum[i]!, changes: band.count[i]! }
  })
}

/** Rows as text of a file, some at a time. Of statistics the reading is the mean, beside least, greatest, sum and changes. */
export async function* fileRows(
  { entity, format, isBanded }: { entity: Entity; format: 'csv' | 'json'; isBanded: boolean },
  pages: AsyncIterable<ExportPage>,
): AsyncGenerator<string> {
  const columns = [
    'time',
    'device',
    'entity',
    'value',
    'reading',
    'unit',
    ...(isBanded ? ['min', 'max', 'sum', 'changes'] : []),
  ]
  let head = format === 'csv' ? `${columns.join(',')}\r\n` : '{"items":['
  let between = ''
  for await (const page of pages) {
    const lines = rowsOf(entity, page).map(row => {
      if (format === 'csv') return `${columns.map(column => field(row[column]!)).join(',')}\r\n`
      const line = `${between}${JSON.stringify(row)}`
      between = ',\n'
      return line
    })
    yield head + lines.join('')
    head = ''
  }
  yield format === 'csv' ? head : `${head}],"next":null}`
}
