import { properties, type Carrier, type Property } from './properties.ts'
import { Writer } from './writer.ts'

function rowsOf(carrier: Carrier): readonly Property[] {
  return properties.filter(row => row.carriers.has(carrier))
}

const rowsByCarrier = new Map<Carrier, readonly Property[]>()

function writeValue(writer: Writer, row: Property, value: unknown): void {
  writer.byte(row.id)
  switch (row.kind) {
    case 'flag':
      return writer.byte(value as number)
    case 'uint16':
      return writer.uint16(value as number)
    case 'uint32':
      return writer.uint32(value as number)
    case 'varint':
      return writer.varint(value as number)
    case 'text':
      return writer.text(value as string)
    case 'binary':
      return writer.binary(value as Uint8Array)
    case 'pair': {
      const [name, text] = value as readonly [string, string]
      writer.text(name)
      return writer.text(text)
    }
  }
}

/** Writes a property section: its length, 0 for none [MQTT5-2.2.2-1], and those of the record that the carrier may have. */
export function encodeProperties(writer: Writer, record: object | null, carrier: Carrier): void {
  if (record === null) return writer.byte(0)
  let rows = rowsByCarrier.get(carrier)
  if (rows === undefined) rowsByCarrier.set(carrier, (rows = rowsOf(carrier)))
  const values = record as Readonly<Record<string, unknown>>
  const section = new Writer()
  for (const row of rows) {
    const value = values[row.name]
    if (value === undefined) continue
    if (row.isList) for (const item of value as readonly unknown[]) writeValue(section, row, item)
    else writeValue(section, row, value)
  }
  writer.varint(section.length)
  writer.bytes(section.written())
}
