import { HobError } from '#kernel'
import { z } from 'zod'
import { causeOf } from '../auth.ts'
import { adoption, candidate, device, newPairing, pairing as pairingShape } from '../contract.ts'
import { candidatesJson, pairingJson } from '../pairing-shapes.ts'
import type { ApiOptions } from '../ports.ts'
import type { Api } from '../route.ts'
import { deviceJson } from '../shapes.ts'

const byId = z.object({ id: z.string() })
const config = { scope: 'admin', house: true } as const

/** The pairing window, and what is heard of devices that are not adopted. */
export function pairingRoutes(api: Api, { pairing, registry, access, causes }: ApiOptions): void {
  api.get('/pairing', { config, schema: { response: { 200: pairingShape } } }, async () => pairingJson(pairing.heard()))

  api.post(
    '/pairing',
    { config, schema: { body: newPairing.prefault({}), response: { 200: pairingShape } } },
    async request => {
      const cause = causeOf(request, causes)
      pairing.open(request.body, cause)
      access.audit.note(cause, { action: 'pairing.open', object: null, detail: request.body })
      return pairingJson(pairing.heard())
    },
  )

  api.delete('/pairing', { config, schema: { response: { 204: z.undefined() } } }, async (request, reply) => {
    pairing.close()
    access.audit.note(causeOf(request, causes), { action: 'pairing.close', object: null, detail: {} })
    return reply.code(204).send()
  })

  api.get(
    '/pairing/candidates/:id',
    { config, schema: { params: byId, response: { 200: candidate } } },
    async request => {
      const found = candidatesJson(pairing.heard()).find(each => each.id === request.params.id)
      if (found === undefined)
        throw new HobError('devices.unknown_candidate', 'there is no such candidate; it may be adopted already')
      return found
    },
  )

  api.post(
    '/pairing/candidates/:id/adopt',
    { config, schema: { params: byId, body: adoption.default({}), response: { 201: device } } },
    async (request, reply) => {
      const adopted = await pairing.adopt(request.params.id, request.body, causeOf(request, causes))
      void reply.header('location', `/api/v1/devices/${adopted.id}`)
      return reply.code(201).send(deviceJson(adopted, registry.version(adopted.id) ?? 0, adopted.entities))
    },
  )

  api.post(
    '/pairing/guests/:id/reject',
    { config, schema: { params: byId, response: { 204: z.undefined() } } },
    async (request, reply) => {
      const { id } = request.params
      pairing.reject(id)
      access.audit.note(causeOf(request, causes), { action: 'pairing.reject', object: id, detail: {} })
      return reply.code(204).send()
    },
  )

  api.delete(
    '/pairing/knocks/:id',
    { config, schema: { params: byId, response: { 204: z.undefined() } } },
    async (request, reply) => {
      const { id } = request.params
      pairing.dismiss(id)
      access.audit.note(causeOf(request, causes), { action: 'pairing.dismiss', object: id, detail: {} })
      return reply.code(204).send()
    },
  )
}
