// What the memory of topics may cost, while somebody looks.

/** Messages kept of one topic. */
export const MAX_MESSAGES = 50
/** Bytes of a payload that are kept. */
export const MAX_PAYLOAD = 65_536
/** Bytes kept of one topic, so that a camera does not push the others out. */
export const MAX_TOPIC_BYTES = 524_288
export const MAX_TOPICS = 20_000
/** Bytes in all. */
export const MAX_BYTES = 16_777_216
/** What a message counts beside its payload. */
export const MESSAGE_COST = 256
/** Milliseconds after the last look until all is forgotten. */
export const KEPT_FOR = 600_000
