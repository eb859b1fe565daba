// What strangers may cost the hub.

/** Seconds that a pairing window may be open. */
export const WINDOW = { least: 30, most: 900 } as const

/** Guests at a time. */
export const MAX_GUESTS = 20
/** Topics remembered of one guest. */
export const MAX_GUEST_TOPICS = 200
/** Bytes of topics and payloads remembered of one guest. */
export const MAX_GUEST_BYTES = 2_097_152
/** Entities that are understood of what one guest announced. */
export const MAX_GUEST_ENTITIES = 1_000
/** Milliseconds of silence, and milliseconds after the window closed, when a guest has to go. */
export const GUEST_PATIENCE = 600_000

/** Groups of refused attempts. */
export const MAX_KNOCKS = 100
/** Characters of a user name or client id that are remembered of a refused attempt. */
export const MAX_KNOCK_NAME = 200
/** Milliseconds after its last attempt when a group is forgotten. */
export const KNOCK_KEPT = 3_600_000
/** Milliseconds between two looks for guests and knocks whose time is up. */
export const SWEEP_EVERY = 5_000
/** Milliseconds between two tellings that the list differs. */
export const TELL_EVERY = 500
