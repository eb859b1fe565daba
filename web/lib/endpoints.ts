import type {
  AreaJson,
  CheckedDraftJson,
  ClaimedJson,
  CommandJson,
  CompletionsJson,
  EntityJson,
  NearMissJson,
  PointsJson,
  RuleFileJson,
  RuleVersionJson,
  RunDetailJson,
  RunJson,
  SessionJson,
  claim,
  commandRequest,
  linkSignIn,
  newArea,
  recovery,
  ruleDraft,
  ruleFileChange,
  ruleFileText,
  rulePlace,
  signIn,
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
  'POST /claim': { body: Input<typeof claim>; answer: ClaimedJson }
  'POST /session/recover': { body: Input<typeof recovery>; answer: ClaimedJson }
  'GET /areas': { answer: List<AreaJson> }
  'POST /areas': { body: Input<typeof newArea>; answer: AreaJson }
  'GET /entities/points': { answer: List<PointsJson> }
  'PATCH /entities/:id': { body: { name?: string | null; area?: string | null }; answer: EntityJson }
  'POST /entities/:id/commands': { body: Input<typeof commandRequest>; answer: CommandJson }
  'GET /rules': { answer: List<RuleFileJson> }
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
}
