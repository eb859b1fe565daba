import { withRunningHub } from './hub-request.ts'
import type { Verb } from './verb.ts'

/** `hob claim`: the link that makes its first user the owner. */
export const claim: Verb = {
  name: 'claim',
  forms: ['[--json]'],
  summary: "a fresh link to make the owner's account in the browser; the one before works no more",
  flags: {},
  async run(call) {
    const made = (await withRunningHub(call, ask => ask('POST', '/claim/links'))) as { url: string }
    call.print(call.json ? JSON.stringify(made) : made.url)
    return 0
  },
}
