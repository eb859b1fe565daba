// A confined client talks to a sink and reaches nobody. When the sink's owner promotes it, it becomes a member on the
// same connection: with a session of its own, its subscriptions live, and the retained messages after them.

import { splitShare } from '#kernel'
import type { Client } from './client.ts'
import { replayRetained } from './handlers/subscribe.ts'
import type { Login, Member, Sink } from './permissions.ts'
import { refusals } from './reason.ts'
import type { Rooms } from './rooms.ts'
import type { Session, Subscription } from './session.ts'
import { setWill, takeSession, welcome } from './session-start.ts'

/** Opens the sink of a confined client. */
export function confine(rooms: Rooms, client: Client, { login, sink }: { login: Login; sink: Sink }): void {
  const { session } = client
  const isConfined = () => client.isOpen && client.session === session
  sink.open({
    login,
    promote(member) {
      if (!isConfined()) return
      client.run(() => {
        promote(rooms, client, member)
        return null
      })
    },
    close(reason) {
      if (isConfined()) client.end(refusals[reason])
    },
  })
}

function promote(rooms: Rooms, client: Client, member: Member): void {
  const { sessions, limits } = rooms
  const former = client.session
  former.connection = null
  sessions.remove(former)
  // Its CONNACK said that there was no session, so an older one does not count.
  const { session } = takeSession(rooms, { user: member.user, clientId: former.clientId }, true)
  session.connection = client
  session.protocol = former.protocol
  session.rules = member.rules
  session.limits = member.limits
  session.holdTo(member.limits.publishRate, rooms.clock.monotonic())
  session.inbound = former.inbound
  client.enrol(session, Math.min(member.limits.maxPacketSize, limits.maxPacketSize))
  if (client.sessionExpiry !== 0 && sessions.lasting < limits.maxSessions) sessions.keep(session, client.sessionExpiry)
  writeInbound(rooms, session)
  setWill(rooms, session, client.heldWill)
  client.heldWill = null
  const live = moveSubscriptions(rooms, former, session)
  welcome(rooms, session)
  replayRetained(rooms, client, live)
}

function writeInbound({ ledger }: Rooms, session: Session): void {
  if (session.key === 0 || session.inbound === null) return
  for (const packetId of session.inbound)
    ledger.write({ op: 'broker.inbound.put', inbound: { session: session.key, packetId } })
}

/** SUBACK granted them all; what the member may not subscribe stays silent. @returns those that retained messages follow. */
function moveSubscriptions({ sessions }: Rooms, from: Session, to: Session): Subscription[] {
  const live: Subscription[] = []
  for (const former of from.subscriptions.values()) {
    const share = splitShare(former.filter)
    if (to.rules?.maySubscribe(share?.filter ?? former.filter) !== true) continue
    const subscription = { ...former, session: to }
    sessions.subscribe(subscription)
    if (former.retainHandling !== 2 && share === null) live.push(subscription)
  }
  return live
}
