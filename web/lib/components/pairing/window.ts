/** Seconds that the door is opened for at a time. */
export const ONCE = 300
/** Seconds that the hub takes. */
export const LEAST = 30
export const MOST = 900
