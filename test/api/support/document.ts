export interface Operation {
  readonly security?: readonly { readonly token?: readonly string[]; readonly session?: readonly string[] }[]
  readonly 'x-whole-house'?: true
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema: JsonSchema }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> }
  readonly responses: Readonly<Record<string, unknown>>
}

export type JsonSchema = Readonly<Record<string, unknown>>

export interface OpenApiDocument {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> }
}
