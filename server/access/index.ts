export { createAccess } from './access.ts'
export { Rights } from './rights.ts'
export type { Right } from './rights.ts'
export type {
  Access,
  AccessOptions,
  ClientCredential,
  PassInfo,
  Principal,
  SessionInfo,
  SignedIn,
  SignIns,
  TokenInfo,
  UserInfo,
  Browser,
} from './face.ts'
export type {
  AccessOp,
  AuditCheck,
  AuditEntry,
  AuditNote,
  AuditQuery,
  KnownEntry,
  AccessStore,
  Role,
  Scope,
  StoredAccess,
  StoredAreaRole,
  StoredBan,
  StoredClient,
  StoredPass,
  StoredSession,
  StoredToken,
  StoredUser,
} from './store.ts'
