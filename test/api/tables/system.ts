import type { Row } from '../support/row.ts'

export const systemRows: readonly Row[] = [
  { who: 'nobody', ask: 'GET /healthz', status: 200, contains: { status: 'ok', name: 'Hob', version: '0.0.0' } },
  { who: 'nobody', ask: 'GET /readyz', status: 200, contains: { status: 'ok' } },
  {
    who: 'nobody',
    ask: 'GET /system/ca.pem',
    status: 200,
    gives: {
      'content-type': 'application/pem-certificate-chain',
      'content-disposition': 'attachment; filename="hob-ca.pem"',
    },
  },
  { who: 'nobody', ask: 'GET /openapi.json', status: 200, contains: { openapi: '3.1.0', info: { title: 'Hob' } } },
]
