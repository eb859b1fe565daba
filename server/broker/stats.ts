/** What the broker counts since its start. One record, shared by its rooms, changed in place. */
export interface Stats {
  /** Clients that are in: connections whose CONNECT was accepted. */
  connections: number
  /** The most of them at one time. */
  mostConnections: number
  /** Streams that came in. */
  accepted: number
  /** CONNECT packets. */
  connects: number
  /** Sessions that ended because their client stayed away too long. */
  expired: number
  /** Packets of any type, and all bytes. */
  packetsReceived: number
  packetsSent: number
  bytesReceived: number
  bytesSent: number
  /** PUBLISH packets from clients, and the bytes of their payloads. */
  received: number
  payloadReceived: number
  /** PUBLISH packets to clients, and the bytes of their payloads. */
  sent: number
  payloadSent: number
  /** Copies and messages that a limit or a missing permission kept from somebody. */
  dropped: number
  /** Publishes that the permissions or a reserved topic refused. */
  refused: number
}

/** Counters at zero. */
export function createStats(): Stats {
  return {
    connections: 0,
    mostConnections: 0,
    accepted: 0,
    connects: 0,
    expired: 0,
    packetsReceived: 0,
    packetsSent: 0,
    bytesReceived: 0,
    bytesSent: 0,
    received: 0,
    payloadReceived: 0,
    sent: 0,
    payloadSent: 0,
    dropped: 0,
    refused: 0,
  }
}
