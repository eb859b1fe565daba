import { expect } from 'vitest'
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
  {
    who: 'admin',
    ask: 'GET /system/health',
    status: 200,
    contains: {
      at: '2026-03-01T20:00:00.000Z',
      state: 'good',
      problems: [],
      readings: expect.arrayContaining([
        {
          key: 'temperature',
          value: 52.1,
          unit: '°C',
          limit: { good: 'below', warning: 80, bad: 85 },
          state: 'good',
        },
        { key: 'clock', value: 'synchronised', unit: null, limit: null, state: 'good' },
      ]) as unknown,
    },
  },
  { who: 'read', ask: 'GET /system/health', status: 403, contains: { code: 'api.forbidden' } },
  {
    who: 'read',
    ask: 'GET /metrics',
    status: 200,
    gives: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
  },
  { why: 'off until there is a token', who: 'nobody', ask: 'GET /metrics', status: 401 },
  { why: 'limited to an area', who: 'hall', ask: 'GET /metrics', status: 403 },
  {
    why: 'no browser',
    who: 'owner',
    ask: 'GET /metrics',
    status: 403,
    contains: { detail: 'this is for programs with a token alone' },
  },
  { who: 'nobody', ask: 'GET /openapi.json', status: 200, contains: { openapi: '3.1.0', info: { title: 'Hob' } } },
]
