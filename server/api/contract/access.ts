import { z } from 'zod'
import { nameText, time } from './shared.ts'

export const role = z.enum(['owner', 'admin', 'user', 'guest'])
export const scope = z.enum(['admin', 'rules', 'control', 'read'])
export const user = z
  .object({
    id: z.string(),
    name: z.string(),
    role,
    areaRole: z.string().nullable().describe('slug of the role by area that takes the place of what the role allows'),
    createdAt: time,
    disabled: z.boolean(),
    lastSeenAt: time.nullable().describe('by the browsers that are signed in, exact to the hour'),
    secondFactor: z.boolean().describe('whether a sign-in asks for a code of an authenticator app'),
  })
  .meta({ id: 'User' })
const areaRoleOfUser = z.string().max(64).nullable()
export const userChange = z
  .strictObject({
    disabled: z.boolean().exactOptional(),
    role: role.exactOptional(),
    areaRole: areaRoleOfUser.exactOptional(),
  })
  .meta({ id: 'UserChange' })
export const newUser = z
  .strictObject({
    name: nameText,
    role,
    areaRole: areaRoleOfUser.exactOptional(),
    password: z.string().max(1_024),
  })
  .meta({ id: 'NewUser' })

const action = z.enum(['see', 'control', 'edit', 'manage'])
/** What people may do by area; each action includes those before it. */
export const areaRole = z
  .object({
    slug: z.string(),
    name: z.string(),
    house: action.nullable().describe('in the whole house, null for nothing'),
    areas: z.array(z.object({ area: z.string().describe('id'), may: action })),
  })
  .meta({ id: 'AreaRole' })
const areasOfRole = z.array(z.strictObject({ area: z.string().max(64).describe('slug or id'), may: action })).max(500)
export const newAreaRole = z
  .strictObject({ name: nameText, house: action.nullable().default(null), areas: areasOfRole })
  .meta({ id: 'NewAreaRole' })
export const areaRoleChange = z
  .strictObject({
    name: nameText.exactOptional(),
    house: action.nullable().exactOptional(),
    areas: areasOfRole.exactOptional(),
  })
  .meta({ id: 'AreaRoleChange' })

/** A link for guests, who need no account. */
export const pass = z
  .object({
    id: z.string(),
    name: z.string(),
    entities: z.array(z.string()).describe('ids'),
    may: z.enum(['see', 'control']),
    from: time,
    until: time,
    createdAt: time,
  })
  .meta({ id: 'Pass' })
export const newPass = z
  .strictObject({
    name: nameText,
    entities: z.array(z.string().max(64)).min(1).max(200).describe('ids'),
    may: z.enum(['see', 'control']).default('control'),
    from: time.exactOptional().describe('now when left out'),
    until: time,
  })
  .meta({ id: 'NewPass' })
export const createdPass = pass
  .extend({
    path: z.string().describe('`/pass#CODE`'),
    url: z.string().describe('the same with an address of the hub: what a QR code holds; shown this once'),
  })
  .meta({ id: 'CreatedPass' })
/** A sign-in by the code of a pass, `/pass#CODE`. */
export const passSignIn = z.strictObject({ code: z.string().max(100) }).meta({ id: 'PassSignIn' })
export const password = z.strictObject({ password: z.string().max(1_024) }).meta({ id: 'Password' })
export const token = z
  .object({
    id: z.string(),
    user: z.string().describe('id'),
    scopes: z.array(scope),
    areas: z.array(z.string()).nullable(),
    createdAt: time,
    expiresAt: time.nullable(),
    lastUsedAt: time.nullable(),
  })
  .meta({ id: 'Token' })
export const newToken = z
  .strictObject({
    user: z.string().exactOptional().describe('name; the caller when left out'),
    scopes: z.array(scope).min(1),
    areas: z.array(z.string()).min(1).exactOptional().describe('slugs or ids; all areas when left out'),
    expiresAt: time.exactOptional(),
  })
  .meta({ id: 'NewToken' })
export const createdToken = token
  .extend({ token: z.string().describe('the secret, shown this once') })
  .meta({ id: 'CreatedToken' })

const secretText = z.string().min(1).max(1_024)
const codeText = z.string().min(1).max(100)

/** What a person has beside the password. */
export const secondFactor = z
  .object({ enabled: z.boolean(), recoveryCodes: z.number().int().describe('how many are left') })
  .meta({ id: 'SecondFactor' })
export const secondFactorKey = z
  .object({
    key: z.string().describe('in base 32, for apps that take no QR code'),
    url: z.string().describe('`otpauth://`, what a QR code holds'),
  })
  .meta({ id: 'SecondFactorKey' })
export const ownPassword = z.strictObject({ password: secretText }).meta({ id: 'OwnPassword' })
export const secondFactorCode = z.strictObject({ code: codeText }).meta({ id: 'SecondFactorCode' })
export const recoveryCodes = z
  .object({ recoveryCodes: z.array(z.string()).describe('each works once in place of a code; shown this once') })
  .meta({ id: 'RecoveryCodes' })

/** What somebody may do where. */
const rights = z
  .object({
    house: action.nullable().describe('in the whole house'),
    areas: z.array(z.object({ area: z.string().describe('id'), may: action })),
    entities: z.array(z.object({ entity: z.string().describe('id'), may: action })).describe('of a guest pass'),
  })
  .meta({ id: 'Rights' })

/**
 * Who the browser is signed in as, and whether the hub has an owner yet; open to anybody who reaches the hub. A
 * session ends 90 days after its last request other than the stream, so a page that stays open asks once a day.
 */
export const session = z
  .object({
    claimed: z.boolean().describe('false until the owner made an account'),
    user: z.object({ id: z.string(), name: z.string(), role, scopes: z.array(scope) }).nullable(),
    rights: rights.exactOptional().describe('left out when nobody is signed in'),
    pass: z.object({ name: z.string(), until: time }).exactOptional().describe('the guest pass that let it in'),
    viewer: z.string().exactOptional().describe('the owner who looks through the eyes of `user`, and changes nothing'),
  })
  .meta({ id: 'Session' })
export const signIn = z
  .strictObject({
    name: z.string().trim().max(200),
    password: secretText,
    code: codeText.exactOptional().describe('of the authenticator app, or a recovery code of it'),
  })
  .meta({ id: 'SignIn' })
export const claim = z
  .strictObject({ code: z.string().max(100), name: nameText, password: secretText })
  .meta({ id: 'Claim' })
export const claimed = session
  .extend({
    recoveryCode: z.string().describe('26 characters that open the account when the password is lost; shown this once'),
  })
  .meta({ id: 'Claimed' })
export const recovery = z
  .strictObject({
    name: z.string().trim().max(200),
    recoveryCode: z.string().max(100),
    password: secretText,
    code: codeText.exactOptional(),
  })
  .meta({ id: 'Recovery' })
/** A sign-in by the code of a one-time link, `/signin#CODE`. */
export const linkSignIn = z.strictObject({ code: z.string().max(100) }).meta({ id: 'LinkSignIn' })
export const viewOf = z.strictObject({ user: nameText }).meta({ id: 'ViewOf' })
export const newLink = z.strictObject({ user: nameText }).meta({ id: 'NewLink' })
export const createdLink = z
  .object({
    code: z.string(),
    path: z.string().describe('`/signin#CODE` or `/claim#CODE`'),
    url: z.string().describe('the same with an address of the hub'),
    expiresAt: time.nullable(),
  })
  .meta({ id: 'CreatedLink' })

/** One's own sessions. */
export const openSession = z
  .object({
    id: z.string(),
    createdAt: time,
    seenAt: time.describe('exact to the hour'),
    expiresAt: time,
    address: z.string(),
    userAgent: z.string(),
    current: z.boolean().describe('whether it is the one that asks'),
  })
  .meta({ id: 'OpenSession' })
export const passwordChange = z.strictObject({ old: secretText, new: secretText }).meta({ id: 'PasswordChange' })

export type ActionJson = z.output<typeof action>
export type RightsJson = z.output<typeof rights>
export type AreaRoleJson = z.output<typeof areaRole>
export type PassJson = z.output<typeof pass>
export type CreatedPassJson = z.output<typeof createdPass>
export type CreatedLinkJson = z.output<typeof createdLink>
export type SecondFactorJson = z.output<typeof secondFactor>
export type SecondFactorKeyJson = z.output<typeof secondFactorKey>
export type RecoveryCodesJson = z.output<typeof recoveryCodes>
export type UserJson = z.output<typeof user>
export type TokenJson = z.output<typeof token>
export type SessionJson = z.output<typeof session>
export type ClaimedJson = z.output<typeof claimed>
export type OpenSessionJson = z.output<typeof openSession>
