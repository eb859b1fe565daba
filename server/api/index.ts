export { createApi, type ApiServer } from './api.ts'
export type { ApiOptions } from './ports.ts'
