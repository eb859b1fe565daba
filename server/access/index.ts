export { createAccess } from './access.ts'
export type {
  Access,
  AccessOptions,
  ClientCredential,
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
  AccessStore,
  Role,
  Scope,
  StoredAccess,
  StoredBan,
  StoredClient,
  StoredSession,
  StoredToken,
  StoredUser,
} from './store.ts'
