import { X509Certificate } from 'node:crypto'
import { expect, it } from 'vitest'
import { issueInProcess } from '../../server/system/index.ts'

it('makes certificates in another process', async () => {
  const { ca, leaf } = await issueInProcess({ ca: null, names: ['hob.local'], now: Date.now() })
  const again = await issueInProcess({ ca, names: ['10.0.0.7'], now: Date.now() })
  expect(again.ca).toEqual(ca)
  for (const { cert } of [leaf, again.leaf])
    expect(new X509Certificate(cert).verify(new X509Certificate(ca.cert).publicKey)).toBe(true)
})

it('says what came of it when they cannot be made', async () => {
  const ca = { cert: 'no certificate', key: 'no key' }
  await expect(issueInProcess({ ca, names: [], now: 0 })).rejects.toMatchObject({
    code: 'certificates.not_made',
    message: expect.stringMatching(/^certificates could not be made: /),
  })
})
