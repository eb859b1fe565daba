import { expect, it } from 'vitest'
import { healthText } from '../../../server/cli/doctor.ts'

it('hob doctor tells what is wrong with what to do, then every reading', () => {
  const at = '2026-03-01T20:00:00.000Z'
  const about = { code: 'disk_free', repair: 'Remove files from it.', link: null, since: at }
  const disk = { key: 'disk_free', unit: 'B', limit: { good: 'above', warning: 1e9, bad: 2e8 } } as const
  const heat = { key: 'temperature', unit: '°C', limit: { good: 'below', warning: 80, bad: 85 } } as const
  const lines = healthText({
    at,
    state: 'bad',
    problems: [{ ...about, state: 'bad', what: 'The disk has 100 MB left', where: '/data' }],
    readings: [
      { ...disk, value: 1e8, state: 'bad' },
      { ...heat, value: null, state: 'unknown' },
      { key: 'clock', value: 'synchronised', unit: null, limit: null, state: 'good' },
    ],
  })
  expect(lines).toEqual([
    `bad: The disk has 100 MB left (/data), since ${at}`,
    '  Remove files from it.',
    '',
    'bad      disk_free     100000000 B (warns down to 1000000000)',
    'unknown  temperature   - (warns from 80)',
    'good     clock         synchronised',
  ])
})
