import { z } from 'zod'
import { causeOf } from '../auth.ts'
import { ownPassword, recoveryCodes, secondFactor, secondFactorCode, secondFactorKey } from '../contract.ts'
import { browserOf } from '../origin.ts'
import type { ApiOptions } from '../ports.ts'
import type { Api } from '../route.ts'

/** One's own authenticator app; and taking it off an account whose owner lost it. */
export function secondFactorRoutes(
  api: Api,
  { access, causes, settings }: Pick<ApiOptions, 'access' | 'causes' | 'settings'>,
): void {
  const { signIns } = access
  const config = { scope: 'read', kinds: ['user'] } as const

  api.get('/session/totp', { config, schema: { response: { 200: secondFactor } } }, async request => {
    const left = signIns.secondFactor(request.principal.user!)
    return { enabled: left !== undefined, recoveryCodes: left ?? 0 }
  })

  api.post(
    '/session/totp',
    { config, schema: { body: ownPassword, response: { 201: secondFactorKey } } },
    async (request, reply) => {
      const { user, who } = request.principal
      const key = await signIns.beginSecondFactor(user!, request.body.password, browserOf(request))
      const label = `${encodeURIComponent(settings.current().name)}:${encodeURIComponent(who)}`
      return reply.code(201).send({ key, url: `otpauth://totp/${label}?secret=${key}&issuer=Hob` })
    },
  )

  api.put(
    '/session/totp',
    { config, schema: { body: secondFactorCode, response: { 200: recoveryCodes } } },
    async request => {
      const by = { browser: browserOf(request), cause: causeOf(request, causes) }
      const codes = await signIns.confirmSecondFactor(request.principal.user!, request.body.code, by)
      return { recoveryCodes: [...codes] }
    },
  )

  api.post(
    '/session/totp/remove',
    { config, schema: { body: ownPassword, response: { 204: z.undefined() } } },
    async (request, reply) => {
      const by = { browser: browserOf(request), cause: causeOf(request, causes) }
      await signIns.endSecondFactor(request.principal.user!, request.body.password, by)
      return reply.code(204).send()
    },
  )
}
