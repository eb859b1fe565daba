import { ifMatch, ifMatchHeader, sendVersion, type Api } from '../route.ts'
import { settingsOfParts } from '../shapes.ts'
import { causeOf } from '../auth.ts'
import { settingsSchema, type Settings } from '../../settings/index.ts'
import { houseSettings } from '../contract.ts'
import type { ApiOptions } from '../ports.ts'

/** Settings of the house. */
export function settingsRoutes(api: Api, { settings, versions, causes }: ApiOptions): void {
  api.get(
    '/settings',
    { config: { scope: 'read' }, schema: { response: { 200: houseSettings } } },
    async (request, reply) => {
      sendVersion(reply, settings.version())
      const all = { ...settings.current(), version: settings.version() }
      return request.principal.rights.mayInHouse('read') ? all : settingsOfParts(all)
    },
  )

  api.patch(
    '/settings',
    {
      config: { scope: 'admin', house: true },
      schema: {
        headers: ifMatchHeader,
        body: settingsSchema.partial().meta({ id: 'SettingsChange' }),
        response: { 200: houseSettings },
      },
    },
    async (request, reply) => {
      const change = request.body as Partial<Settings>
      const edit = { cause: causeOf(request, causes), ...ifMatch(request) }
      const about = { kind: 'settings', object: 'house', change, ...ifMatch(request) } as const
      const changed = await versions.merging(about, () => settings.change(change, edit))
      sendVersion(reply, settings.version())
      return { ...changed, version: settings.version() }
    },
  )
}
