// What a house may hold, so that no device can fill the hub.

export const MAX_DEVICES = 2_000
export const MAX_ENTITIES = 500
export const MAX_ANNOUNCEMENTS = 20_000
/** Bytes of one announcement. */
export const MAX_ANNOUNCEMENT = 262_144
/** Bytes of all announcements. */
export const MAX_ANNOUNCED = 67_108_864
export const MAX_FAULTS = 1_000
/** Characters of a text value. */
export const MAX_TEXT = 4_096
/** Identifiers of one device. */
export const MAX_IDENTIFIERS = 32

/** Values whose recent points are kept. */
export const MAX_RINGS = 5_000

/** Recent messages of topics that nobody claims: count, bytes in all, bytes of one, milliseconds. */
export const RECENT = { count: 2_000, bytes: 4_194_304, one: 65_536, age: 60_000 }

/** Milliseconds until an unanswered command has expired. */
export const COMMAND_EXPIRY = 10_000
/** Milliseconds that a command is kept after its end, and how many at most. */
export const COMMAND_KEPT = 600_000
export const MAX_COMMANDS = 10_000
/** Ended commands of one entity that late answers are known by. */
export const MAX_ECHOES = 16

/** Milliseconds that changed values of candidates are gathered before the list is told. */
export const CANDIDATES_EVERY = 1_000
