/** Steps of the set-up that follow the account, each with its address. */
export const STEPS = ['code', 'home', 'rooms'] as const
export type Step = (typeof STEPS)[number]

export const stepAt = (step: Step): string => `/welcome/${step}`

const CODE = 'hob.recovery-code'

// The code outlives a reload, in this tab alone, until it is confirmed.
export const keepCode = (code: string): void => sessionStorage.setItem(CODE, code)
export const keptCode = (): string | null => sessionStorage.getItem(CODE)
export const forgetCode = (): void => sessionStorage.removeItem(CODE)
