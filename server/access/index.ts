export { createAccess } from './access.ts'
export type { Access, AccessOptions, ClientCredential, Principal, Revoked, TokenInfo, UserInfo } from './face.ts'
export type {
  AccessOp,
  AccessStore,
  Role,
  Scope,
  StoredAccess,
  StoredClient,
  StoredSession,
  StoredToken,
  StoredUser,
} from './store.ts'
