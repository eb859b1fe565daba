import type { Role, Scope } from './store.ts'

/** What the roles may do. */
export const ROLE_SCOPES: Readonly<Record<Role, readonly Scope[]>> = {
  owner: ['admin', 'rules', 'control', 'read'],
  admin: ['admin', 'rules', 'control', 'read'],
  user: ['control', 'read'],
  guest: ['read'],
}
