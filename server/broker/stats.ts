/** What the broker counts. One record, shared by its rooms, changed in place. */
export interface Stats {
  /** Connections whose CONNECT was accepted. */
  connections: number
  /** PUBLISH packets from clients. */
  received: number
  /** PUBLISH packets to clients. */
  sent: number
  /** Copies and messages that a limit or a missing permission kept from somebody. */
  dropped: number
  /** Publishes that the permissions or a reserved topic refused. */
  refused: number
}

/** Counters at zero. */
export function createStats(): Stats {
  return { connections: 0, received: 0, sent: 0, dropped: 0, refused: 0 }
}
