import type {
  ActivityJson,
  AreaJson,
  AreaRoleJson,
  AuditCheckJson,
  AuditDetailJson,
  AuditEntryJson,
  BanJson,
  CheckedDraftJson,
  ClaimedJson,
  ClientDetailJson,
  ClientJson,
  CommandJson,
  CompletionsJson,
  CreatedLinkJson,
  CreatedPassJson,
  CredentialJson,
  DeviceConnectionJson,
  DeviceJson,
  EntityJson,
  HealthJson,
  HistoryJson,
  HistorySpaceJson,
  ListenersJson,
  NearMissJson,
  OpenSessionJson,
  PairingJson,
  PassJson,
  PointsJson,
  RecoveryCodesJson,
  RuleFileJson,
  RuleVersionJson,
  RunDetailJson,
  RunJson,
  SecondFactorJson,
  SecondFactorKeyJson,
  SessionJson,
  SettingsJson,
  TokenJson,
  TopicBranchJson,
  TopicDetailJson,
  UserJson,
  WriteReportJson,
  adoption,
  areaChange,
  areaRoleChange,
  claim,
  commandRequest,
  deviceChange,
  entityChange,
  linkSignIn,
  newArea,
  newAreaRole,
  newBan,
  newCredential,
  newLink,
  newPairing,
  newPass,
  newToken,
  newUser,
  ownPassword,
  passSignIn,
  password,
  passwordChange,
  publication,
  recovery,
  ruleDraft,
  ruleFileChange,
  ruleFileText,
  rulePlace,
  secondFactorCode,
  signIn,
  userChange,
  viewOf,
} from '#api'

/** What a schema of the contract takes. */
type Input<Schema extends { _zod: { input: unknown } }> = Schema['_zod']['input']
type List<Item> = { items: Item[]; next: string | null }

/** Every request that the pages make: the body it takes and what comes back. A page that needs another adds its line. */
export interface Endpoints {
  'GET /session': { answer: SessionJson }
  'POST /session': { body: Input<typeof signIn>; answer: SessionJson }
  'DELETE /session': { answer: undefined }
  'POST /session/link': { body: Input<typeof linkSignIn>; answer: SessionJson }
  'POST /session/pass': { body: Input<typeof passSignIn>; answer: SessionJson }
  'POST /session/links': { body: Input<typeof newLink>; answer: CreatedLinkJson }
  'PUT /session/view': { body: Input<typeof viewOf>; answer: undefined }
  'DELETE /session/view': { answer: undefined }
  'GET /session/totp': { answer: SecondFactorJson }
  'POST /session/totp': { body: Input<typeof ownPassword>; answer: SecondFactorKeyJson }
  'PUT /session/totp': { body: Input<typeof secondFactorCode>; answer: RecoveryCodesJson }
  'POST /session/totp/remove': { body: Input<typeof ownPassword>; answer: undefined }
  'GET /users': { answer: List<UserJson> }
  'POST /users': { body: Input<typeof newUser>; answer: UserJson }
  'PATCH /users/:name': { body: Input<typeof userChange>; answer: UserJson }
  'DELETE /users/:name': { answer: undefined }
  'DELETE /users/:name/totp': { answer: undefined }
  'DELETE /users/:name/sessions/:id': { answer: undefined }
  'PUT /users/:name/password': { body: Input<typeof password>; answer: undefined }
  'GET /users/:name/sessions': { answer: List<OpenSessionJson> }
  'DELETE /users/:name/sessions': { answer: undefined }
  'GET /roles': { answer: List<AreaRoleJson> }
  'POST /roles': { body: Input<typeof newAreaRole>; answer: AreaRoleJson }
  'PATCH /roles/:slug': { body: Input<typeof areaRoleChange>; answer: AreaRoleJson }
  'DELETE /roles/:slug': { answer: undefined }
  'GET /passes': { answer: List<PassJson> }
  'POST /passes': { body: Input<typeof newPass>; answer: CreatedPassJson }
  'DELETE /passes/:id': { answer: undefined }
  'GET /audit': { answer: List<AuditEntryJson> }
  'GET /audit/:seq': { answer: AuditDetailJson }
  'GET /audit/check': { answer: AuditCheckJson }
  'POST /claim': { body: Input<typeof claim>; answer: ClaimedJson }
  'POST /session/recover': { body: Input<typeof recovery>; answer: ClaimedJson }
  'GET /areas': { answer: List<AreaJson> }
  'GET /settings': { answer: SettingsJson }
  'PATCH /settings': { body: Partial<Omit<SettingsJson, 'version'>>; answer: SettingsJson }
  'GET /system/health': { answer: HealthJson }
  'GET /system/writes': { answer: WriteReportJson }
  'GET /history/space': { answer: HistorySpaceJson }
  'POST /areas': { body: Input<typeof newArea>; answer: AreaJson }
  'GET /activity': { answer: List<ActivityJson> }
  'GET /history': { answer: List<HistoryJson> }
  'GET /entities/points': { answer: List<PointsJson> }
  'PATCH /entities/:id': { body: Input<typeof entityChange>; answer: EntityJson }
  'GET /devices': { answer: List<DeviceJson> }
  'GET /devices/:id': { answer: DeviceJson }
  'PATCH /devices/:id': { body: Input<typeof deviceChange>; answer: DeviceJson }
  'DELETE /devices/:id': { answer: undefined }
  'GET /devices/:id/connection': { answer: DeviceConnectionJson }
  'GET /rules': { answer: List<RuleFileJson> }
  'GET /pairing': { answer: PairingJson }
  'POST /pairing': { body: Input<typeof newPairing>; answer: PairingJson }
  'DELETE /pairing': { answer: undefined }
  'POST /pairing/candidates/:id/adopt': { body: Input<typeof adoption>; answer: DeviceJson }
  'POST /pairing/guests/:id/reject': { answer: undefined }
  'DELETE /pairing/knocks/:id': { answer: undefined }
  'POST /entities/:id/commands': { body: Input<typeof commandRequest>; answer: CommandJson }
  'GET /rules/:slug': { answer: RuleFileJson }
  'PUT /rules/:slug': { body: Input<typeof ruleFileText>; answer: RuleFileJson }
  'PATCH /rules/:slug': { body: Input<typeof ruleFileChange>; answer: RuleFileJson }
  'DELETE /rules/:slug': { answer: undefined }
  'POST /rules/check': { body: Input<typeof ruleDraft>; answer: CheckedDraftJson }
  'POST /rules/complete': { body: Input<typeof rulePlace>; answer: CompletionsJson }
  'GET /rules/:slug/versions': { answer: List<RuleVersionJson> }
  'GET /rules/:slug/runs': { answer: List<RunJson> }
  'GET /rules/:slug/misses': { answer: List<NearMissJson> }
  'GET /runs/:id': { answer: RunDetailJson }
  'GET /mqtt/listeners': { answer: ListenersJson }
  'GET /mqtt/topics': { answer: List<TopicBranchJson> }
  'GET /mqtt/topics/search': { answer: List<TopicBranchJson> }
  'GET /mqtt/topics/detail': { answer: TopicDetailJson }
  'POST /mqtt/publish': { body: Input<typeof publication>; answer: undefined }
  'GET /mqtt/clients': { answer: List<ClientJson> }
  'GET /mqtt/clients/:id': { answer: ClientDetailJson }
  'POST /mqtt/clients/:id/disconnect': { answer: undefined }
  'GET /mqtt/bans': { answer: List<BanJson> }
  'POST /mqtt/bans': { body: Input<typeof newBan>; answer: BanJson }
  'DELETE /mqtt/bans/:id': { answer: undefined }
  'PATCH /areas/:id': { body: Input<typeof areaChange>; answer: AreaJson }
  'DELETE /areas/:id': { answer: undefined }
  'GET /sessions': { answer: List<OpenSessionJson> }
  'DELETE /sessions/:id': { answer: undefined }
  'PUT /session/password': { body: Input<typeof passwordChange>; answer: undefined }
  'GET /tokens': { answer: List<TokenJson> }
  'POST /tokens': { body: Input<typeof newToken>; answer: TokenJson & { token: string } }
  'DELETE /tokens/:id': { answer: undefined }
  'GET /mqtt/credentials': { answer: List<CredentialJson> }
  'POST /mqtt/credentials': { body: Input<typeof newCredential>; answer: { username: string; password: string } }
  'DELETE /mqtt/credentials/:name': { answer: undefined }
}
