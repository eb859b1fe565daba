/** What the texts need to know of the house: its IANA time zone, once the hub has said it. */
export const house = $state<{ zone: string | undefined }>({ zone: undefined })
