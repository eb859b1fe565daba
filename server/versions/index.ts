export { createVersions } from './versions.ts'
export { versionedKinds } from './kinds.ts'
export type { StoredVersion, Version, VersionKind, VersionQuery, Versions, VersionStore } from './face.ts'
