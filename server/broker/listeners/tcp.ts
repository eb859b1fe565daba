import { openPort, type Listener, type ListenerOptions } from './port.ts'

/**
 * Listens for MQTT over plain TCP.
 * @throws HobError `broker.listen` when the address cannot be used.
 */
export function listenTcp(options: ListenerOptions): Promise<Listener> {
  const { broker } = options
  return openPort(options, (socket, from) => broker.accept(socket, { ...from, transport: 'tcp' }))
}
