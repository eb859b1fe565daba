import type { EntityDescription } from '../dialect.ts'
import { ConfigFault, type Config, type EntityKey } from './config.ts'
import { basicLight } from './light-basic.ts'
import { jsonLight } from './light-json.ts'
import { templateLight } from './light-template.ts'

const SCHEMAS: Readonly<Record<string, (config: Config, who: EntityKey) => EntityDescription>> = {
  basic: basicLight,
  json: jsonLight,
  template: templateLight,
}

/** A light, in the schema that it names. @throws ConfigFault */
export function light(config: Config, who: EntityKey): EntityDescription {
  const schema = config.word('schema', 'basic')
  const read = Object.hasOwn(SCHEMAS, schema) ? SCHEMAS[schema] : undefined
  if (read !== undefined) return read(config, who)
  throw new ConfigFault(`schema: "${schema.slice(0, 40)}" is none of ${Object.keys(SCHEMAS).join(', ')}`)
}
