import fc from 'fast-check'
import type { JsonSchema, OpenApiDocument } from './document.ts'

type Arbitrary = fc.Arbitrary<unknown>

interface Schema {
  readonly $ref?: string
  readonly anyOf?: readonly JsonSchema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: JsonSchema | boolean
}

/** Texts that found faults elsewhere: names of prototypes, controls, lone surrogates, long ones, YAML and paths. */
const NASTY = [
  '',
  ' ',
  '__proto__',
  'constructor',
  '\u0000',
  '\ud800',
  '../../etc/passwd',
  "'; drop table user; --",
  '%2e%2e%2f',
  '\u202e',
  'on: home/door\ndo: {log: x}\n',
  '{{ 1 + }}',
  '&a [*a]',
  'x'.repeat(5_000),
]

const someText = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }))

function text({ format, pattern, minLength = 0, maxLength = 20_000 }: Schema): Arbitrary {
  if (format === 'date-time')
    return fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map(date => date.toISOString())
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern))
  return someText.map(found => found.slice(0, maxLength).padEnd(minLength, 'x'))
}

function object(schema: Schema, document: OpenApiDocument): Arbitrary {
  const { properties = {}, required = [], additionalProperties } = schema
  const known = Object.fromEntries(
    Object.entries(properties).map(([name, each]) => [name, fitting(each as JsonSchema, document)]),
  )
  if (typeof additionalProperties === 'object' && Object.keys(known).length === 0)
    return fc.dictionary(someText as fc.Arbitrary<string>, fitting(additionalProperties, document), { maxKeys: 4 })
  return fc.record(known, { requiredKeys: [...required] })
}

/** Values that fit a JSON schema of the document. */
export function fitting(jsonSchema: JsonSchema, document: OpenApiDocument): Arbitrary {
  const schema = jsonSchema as Schema
  if (schema.$ref !== undefined) return fitting(resolve(schema.$ref, document), document)
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(each => fitting(each, document)))
  if (typeof schema.type === 'object')
    return fc.oneof(...schema.type.map(type => fitting({ ...schema, type }, document)))
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (schema.const !== undefined) return fc.constant(schema.const)
  const { minimum: min = -1e9, maximum: max = 1e9 } = schema
  switch (schema.type) {
    case 'string':
      return text(schema)
    case 'integer':
      return fc.integer({ min: Math.max(min, -1e9), max: Math.min(max, 1e9) })
    case 'number':
      return fc.double({ min, max, noNaN: true, noDefaultInfinity: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(fitting(schema.items ?? {}, document), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, (schema.minItems ?? 0) + 4),
      })
    case 'object':
      return object(schema, document)
    default:
      return fc.jsonValue()
  }
}

/** The schema that a reference of the document stands for. */
export function resolve(reference: string, document: OpenApiDocument): JsonSchema {
  const name = reference.replace('#/components/schemas/', '')
  const found = document.components.schemas[name]
  if (found === undefined) throw new Error(`the document has no schema ${reference}`)
  return found
}
