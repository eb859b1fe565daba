import type { UserJson } from '#api'
import type { App } from '../../app.ts'

/** Looking at the house through the eyes of somebody else: for an owner. */
export function createViewing({ api, session, toasts, explain }: App) {
  let isBusy = $state(false)
  return {
    get isBusy() {
      return isBusy
    },
    isFor: ({ id, disabled }: UserJson) => session.user?.role === 'owner' && id !== session.user.id && !disabled,
    async begin(user: string) {
      isBusy = true
      try {
        await api('PUT /session/view', { body: { user } })
        // The page starts anew with what the other sees, and nothing of one's own stays in it.
        location.assign('/')
      } catch (error) {
        toasts.show({ text: explain(error) })
        isBusy = false
      }
    },
  }
}
