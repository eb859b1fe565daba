// Addresses that pages other than their own lead to.

export const ADD_DEVICE = '/add'
export const CLIENTS = '/messages/clients'
export const clientAt = (id: string): string => `${CLIENTS}/${encodeURIComponent(id)}`
export const deviceAt = (slug: string): string => `/devices/${slug}`
export const HISTORY = '/history'
