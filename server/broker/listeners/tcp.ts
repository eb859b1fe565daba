import { openDoor, type Listener, type ListenerOptions } from './door.ts'

/**
 * Listens for MQTT over plain TCP.
 * @throws HobError `broker.listen` when the address cannot be used.
 */
export function listenTcp(options: ListenerOptions): Promise<Listener> {
  const { broker } = options
  return openDoor(options, (socket, from) => broker.accept(socket, { ...from, transport: 'tcp' }))
}
