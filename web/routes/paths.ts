// Addresses that pages other than their own lead to.

export const ADD_DEVICE = '/add'
export const deviceAt = (slug: string): string => `/devices/${slug}`
