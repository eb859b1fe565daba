import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import { z } from 'zod'
import { HobError } from '#kernel'

/** A list, which the environment and the command line write with commas. */
const listOf = (item: z.ZodType<string>) =>
  z
    .preprocess(given => (typeof given === 'string' ? given.split(',').map(part => part.trim()) : given), z.array(item))
    .default([])

const network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], { error: 'is not an address or network' })
const MAX_PORT = 65_535
const isPort = (given: unknown) => Number.isInteger(given) && 0 <= Number(given) && Number(given) <= MAX_PORT
/** The environment writes it as text; nothing at all is no port. */
const port = z.preprocess(
  given => (typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given),
  z.custom<number>(isPort, { error: `is not a port, a whole number from 0 to ${MAX_PORT}` }),
)

/** Every key: its schema with its default. The environment name is `HOB_` and the key in capitals. */
const configSchema = z.strictObject({
  /** Address to listen on; empty for all addresses, IPv4 and IPv6. */
  host: z.string().default(''),
  /** Port of web UI and API; 0 takes any free one. */
  http_port: port.default(8080),
  /** Port of the MQTT broker; 0 takes any free one. */
  mqtt_port: port.default(1883),
  /** Port of MQTT over TLS; 0 for none. */
  mqtts_port: port.default(8883),
  /** Files of another certificate for MQTT over TLS than the hub's own, and of its key, as PEM. */
  cert: z.string().min(1).optional(),
  key: z.string().min(1).optional(),
  /** Addresses and networks of proxies that put a PROXY header (version 2) before every MQTT connection. */
  proxy_protocol: listOf(network),
  /** Whose connections are taken: those of private, link-local and unique-local addresses, or anybody's. */
  peers: z.enum(['private', 'any']).default('private'),
  /** Names under which browsers may reach the hub, beyond addresses, `localhost` and the machine's own name. */
  hosts: listOf(z.string()),
  /** Addresses and networks of reverse proxies whose `X-Forwarded-For`, `-Host` and `-Proto` are believed. */
  trusted_proxies: listOf(network),
  log_level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Loads rules but starts none. */
  safe: z
    .union([z.boolean(), z.enum(['true', 'false']).transform(text => text === 'true')], { error: 'is true or false' })
    .default(false),
})

export type ConfigKey = keyof z.infer<typeof configSchema>

/** What is needed before the database opens; everything else is a setting. */
export interface Config {
  readonly data: string
  readonly host: string
  readonly httpPort: number
  readonly mqttPort: number
  readonly mqttsPort: number
  /** Null for the hub's own certificate. */
  readonly certificate: { readonly cert: string; readonly key: string } | null
  readonly proxyProtocol: readonly string[]
  readonly peers: 'private' | 'any'
  readonly hosts: readonly string[]
  readonly trustedProxies: readonly string[]
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  readonly safe: boolean
}

export interface ConfigSources {
  /** The data folder. */
  readonly data: string
  /** Another configuration file than `config.yaml` in the data folder; it must exist. */
  readonly file?: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  /** Values of the command line, by key. They win over the environment, which wins over the file. */
  readonly flags: Readonly<Partial<Record<ConfigKey, unknown>>>
}

function fail(where: string, what: string): never {
  throw new HobError('config.invalid', `${where}: ${what}`)
}

function readFile(path: string, mustExist: boolean): Record<string, unknown> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (!mustExist && (error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    fail(path, `cannot be read: ${(error as Error).message}`)
  }
  const document = parseDocument(text)
  const [first] = document.errors
  if (first !== undefined) fail(path, first.message.split('\n')[0]!)
  const value: unknown = document.toJS() ?? {}
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(path, 'is not a map of keys')
  return value as Record<string, unknown>
}

/**
 * Reads the configuration from file, environment and flags.
 * @throws HobError `config.invalid` with one sentence that names the source and the key.
 */
export function loadConfig(sources: ConfigSources): Config {
  const keys = Object.keys(configSchema.shape) as ConfigKey[]
  const path = sources.file ?? join(sources.data, 'config.yaml')
  const merged: Record<string, unknown> = {}
  const from: Record<string, string> = {}
  for (const [key, value] of Object.entries(readFile(path, sources.file !== undefined))) {
    merged[key] = value
    from[key] = `${path}: ${key}`
  }
  for (const key of keys) {
    const name = `HOB_${key.toUpperCase()}`
    if (sources.env[name] !== undefined) {
      merged[key] = sources.env[name]
      from[key] = name
    }
    if (sources.flags[key] !== undefined) {
      merged[key] = sources.flags[key]
      from[key] = `--${key.replaceAll('_', '-')}`
    }
  }
  const parsed = configSchema.safeParse(merged)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    if (issue.code === 'unrecognized_keys') {
      fail(path, `there is no key "${issue.keys[0]}"; keys are ${keys.join(', ')}`)
    }
    const key = String(issue.path[0])
    fail(from[key] ?? key, issue.message.toLowerCase())
  }
  const config = parsed.data
  const { cert, key } = config
  if ((cert === undefined) !== (key === undefined)) {
    const given = cert === undefined ? 'key' : 'cert'
    fail(from[given]!, `a certificate and its key go together: "${cert === undefined ? 'cert' : 'key'}" is missing`)
  }
  return Object.freeze({
    data: sources.data,
    host: config.host,
    httpPort: config.http_port,
    mqttPort: config.mqtt_port,
    mqttsPort: config.mqtts_port,
    certificate: cert === undefined || key === undefined ? null : { cert, key },
    proxyProtocol: config.proxy_protocol,
    peers: config.peers,
    hosts: config.hosts,
    trustedProxies: config.trusted_proxies,
    logLevel: config.log_level,
    safe: config.safe,
  })
}
