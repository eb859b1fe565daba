import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import type { FastifyContextConfig } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { problem } from './contract.ts'

interface Document {
  readonly paths?: unknown
  readonly components?: { schemas?: Record<string, unknown> }
}

/** Names of the component schemas that a part of the document refers to. */
function references(part: unknown, found: Set<string>): Set<string> {
  const text = JSON.stringify(part ?? null)
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) found.add(name!)
  return found
}

// The type provider describes every schema twice, as input and as output; what no path refers to is left out.
function withoutUnused<T extends Document>(document: T): T {
  const schemas = document.components?.schemas ?? {}
  const used = references(document.paths, new Set())
  for (const name of used) references(schemas[name], used)
  const kept = Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)))
  return { ...document, components: { ...document.components, schemas: kept } }
}

const PROBLEM = { description: 'Problem', content: { 'application/problem+json': { schema: problem } } }

// The scope stands as the role that OpenAPI 3.1 lets a requirement name.
function rights({ scope = 'public', house = false, kinds = ['token', 'user'] }: FastifyContextConfig = {}): object {
  if (scope === 'public') return { security: [] }
  const security = [
    ...(kinds.includes('token') ? [{ token: [scope] }] : []),
    ...(kinds.includes('user') ? [{ session: [scope] }] : []),
  ]
  return { security, ...(house ? { 'x-whole-house': true } : {}) }
}

const SECURITY_SCHEMES = {
  token: { type: 'http', scheme: 'bearer' },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'hob_INSTANCE',
    description: 'Set by `POST /session`; the name holds eight characters of the hub, behind `__Host-` over HTTPS.',
  },
} as const

/** How the OpenAPI 3.1 document is made from the routes' schemas; every route may also answer with a problem. */
export function openApi(version: string): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Hob', version, description: 'Devices, commands, rules and settings of a Hob hub.' },
      components: { securitySchemes: SECURITY_SCHEMES },
      security: [{ token: [] }, { session: [] }],
    },
    transform: ({ route, schema, ...rest }) => {
      if (schema?.hide === true) return jsonSchemaTransform({ route, schema, ...rest })
      const response = { ...(schema?.response as Record<string, unknown> | undefined), default: PROBLEM }
      return jsonSchemaTransform({ route, schema: { ...schema, ...rights(route.config), response }, ...rest })
    },
    transformObject: parts => withoutUnused(jsonSchemaTransformObject(parts)),
  }
}
