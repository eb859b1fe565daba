import type { Connection } from './connection.ts'
import type { Session } from './session.ts'

/** A connection whose CONNECT was accepted. */
export type Client = Connection & { readonly session: Session }
