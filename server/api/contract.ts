// The HTTP contract: one schema for checking requests, for the OpenAPI document and for the web client's types.

export * from './contract/access.ts'
export * from './contract/audit.ts'
export * from './contract/devices.ts'
export * from './contract/history.ts'
export * from './contract/mqtt.ts'
export * from './contract/pairing.ts'
export * from './contract/rules.ts'
export { cause, list, problem, type CauseJson, type Problem } from './contract/shared.ts'
export * from './contract/settings.ts'
export * from './contract/stream.ts'
export * from './contract/trace.ts'
export * from './contract/versions.ts'
