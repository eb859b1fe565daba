import { randomBytes } from 'node:crypto'
import type { EntityJson } from '#api'
import type { Ask } from '../../server/cli/index.ts'

const DAY = 86_400_000

/** Who lives in the house beside its owner, who comes to visit, and a program. */
export async function letPeopleIn(ask: Ask, { owner, now }: { owner: string; now: number }): Promise<void> {
  await ask('POST', '/roles', {
    name: 'Children',
    house: 'see',
    areas: [
      { area: 'living_room', may: 'control' },
      { area: 'bedroom', may: 'edit' },
    ],
  })
  for (const person of [
    { name: 'Ben', role: 'admin' },
    { name: 'Lena', role: 'user', areaRole: 'children' },
  ])
    await ask('POST', '/users', { ...person, password: randomBytes(18).toString('base64url') })
  await ask('POST', '/tokens', { user: owner, scopes: ['control'], areas: ['living_room'] })
  const { items } = (await ask('GET', '/entities')) as { items: EntityJson[] }
  const lights = items.filter(({ component }) => component === 'light').map(({ id }) => id)
  const until = new Date(now + DAY).toISOString()
  await ask('POST', '/passes', { name: 'Babysitter', entities: lights.slice(0, 6), until })
}
