import { resolve } from './arbitrary.ts'
import type { JsonSchema, OpenApiDocument, Operation } from './document.ts'

/** One operation of the document, with what a test needs to ask for it. */
export interface Route {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly operation: Operation
  /** The scope it asks for, or null when it is open to all. */
  readonly scope: string | null
  /** Whether it takes tokens, and sessions of browsers. */
  readonly takesTokens: boolean
  readonly takesSessions: boolean
  readonly body: JsonSchema | undefined
  /** Whether it answers with a stream that does not end. */
  readonly isStream: boolean
}

/** All operations of the document: what is added to the API is tested from then on. */
export function routesOf(document: OpenApiDocument): Route[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const body = operation.requestBody?.content['application/json']?.schema
      return {
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        operation,
        scope: operation.security?.map(({ session, token }) => (session ?? token)?.[0])[0] ?? null,
        takesTokens: operation.security?.some(each => each.token !== undefined) ?? true,
        takesSessions: operation.security?.some(each => each.session !== undefined) ?? true,
        body: typeof body?.['$ref'] === 'string' ? resolve(body['$ref'], document) : body,
        isStream: JSON.stringify(operation.responses).includes('text/event-stream'),
      }
    }),
  )
}

/** A word for a parameter of the path that fits its schema, and that nothing is called. */
export function anyWord({ operation }: Route, name: string): string {
  const schema = operation.parameters?.find(each => each.in === 'path' && each.name === name)?.schema
  return (schema?.['enum'] as string[] | undefined)?.[0] ?? 'nothing'
}

/** The path with `value` for each of its parameters. */
export function fillPath(path: string, value: (name: string) => string): string {
  return path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(value(name)))
}
