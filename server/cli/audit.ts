import { withHub } from './hub-request.ts'
import { integer, text, UsageError, type Call, type Verb } from './verb.ts'

interface Entry {
  readonly seq: number
  readonly at: string
  readonly cause: { readonly kind: string; readonly who: string }
  readonly action: string
  readonly object: string | null
}

interface Check {
  readonly entries: number
  readonly last: { readonly seq: number; readonly hash: string } | null
  readonly brokenAt: number | null
}

/** `hob audit`: who did what, and whether the log is what it was. */
export const audit: Verb = {
  name: 'audit',
  forms: ['[--action TEXT] [--who NAME] [--limit N]', 'check [SEQ:HASH]'],
  summary: 'the audit log, and whether it still is what it was',
  words: 2,
  flags: {
    action: { type: 'string', value: 'TEXT', help: 'actions that begin so: sign_in, user, token' },
    who: { type: 'string', value: 'NAME', help: 'a user, or the id of a token or pass' },
    limit: { type: 'string', value: 'N', help: 'the newest so many, 1 to 500 (50)' },
  },
  run(call) {
    const [action] = call.words
    if (action === undefined) return list(call)
    if (action !== 'check') throw new UsageError(`there is no "hob audit ${action}"`)
    return check(call)
  },
}

async function list(call: Call): Promise<number> {
  const query = new URLSearchParams({ limit: String(integer(call, 'limit', { min: 1, max: 500 }) ?? 50) })
  for (const flag of ['action', 'who']) {
    const given = text(call, flag)
    if (given !== undefined) query.set(flag, given)
  }
  const { items } = (await withHub(call, ask => ask('GET', `/audit?${query.toString()}`))) as { items: Entry[] }
  if (call.json) call.print(JSON.stringify(items))
  else for (const { at, cause, ...each } of items) call.print(`${at} ${cause.who} ${each.action} ${each.object ?? ''}`)
  return 0
}

async function check(call: Call): Promise<number> {
  const known = call.words[1]
  const query = known === undefined ? '' : `?${new URLSearchParams({ known }).toString()}`
  const found = (await withHub(call, ask => ask('GET', `/audit/check${query}`))) as Check
  const { entries, last, brokenAt } = found
  if (call.json) call.print(JSON.stringify(found))
  else if (brokenAt !== null) call.print(`entry ${brokenAt} was changed or is missing`)
  else call.print(last === null ? 'empty' : `whole: ${entries} entries, the last is ${last.seq}:${last.hash}`)
  return brokenAt === null ? 0 : 1
}
