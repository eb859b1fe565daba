// Addresses that pages other than their own lead to.

export const ADD_DEVICE = '/add'
export const CLIENTS = '/messages/clients'
export const SETTINGS = '/settings'
export const HEALTH = `${SETTINGS}/health`
export const clientAt = (id: string): string => `${CLIENTS}/${encodeURIComponent(id)}`
export const deviceAt = (slug: string): string => `/devices/${slug}`
export const HISTORY = '/history'
export const PEOPLE = '/people'
export const PASSES = `${PEOPLE}/passes`
export const ROLES = `${PEOPLE}/roles`
export const TOKENS = `${PEOPLE}/tokens`
export const AUDIT = `${PEOPLE}/audit`
/** By id: a name may be that of a page. */
export const personAt = (id: string): string => `${PEOPLE}/${encodeURIComponent(id)}`
export const roleAt = (slug: string): string => `${ROLES}/${slug}`
export const ruleAt = (rule: string): string => `/rules/${encodeURIComponent(rule.split('/')[0] ?? rule)}`
export const runAt = (rule: string, run: string): string => `${ruleAt(rule)}/runs/${encodeURIComponent(run)}`
