import { connect, type Socket } from 'node:net'
import type { ClientFrame, StreamFrame } from '#api'
import type { House, Who } from './house.ts'

type Frame<T extends StreamFrame['type']> = Extract<StreamFrame, { type: T }>

/** The WebSocket of the live channel, and a way to wait for its next frame of a kind. */
export interface StreamClient {
  send(frame: ClientFrame | string | Uint8Array): void
  /** All that came, as text. */
  readonly texts: readonly string[]
  next<T extends StreamFrame['type']>(type: T): Promise<Frame<T>>
  /** Resolves when the hub has the socket. */
  readonly opened: Promise<void>
  /** Resolves when the socket is closed. */
  readonly closed: Promise<{ code: number; reason: string }>
  close(): void
}

/** Opens a WebSocket; `who` signs in at once, by cookie or by token, `null` says nothing. */
export function openStream(house: House, who: Who | null, headers: Record<string, string> = {}): StreamClient {
  const { authorization, ...own } = who === null ? {} : house.headersOf(who)
  // As Node has it: in a browser, pages give no headers here.
  const init = { headers: { ...own, ...headers } } as never
  const socket = new WebSocket(`${house.url.replace('http', 'ws')}/api/v1/stream`, init)
  const frames: StreamFrame[] = []
  const texts: string[] = []
  const watchers = new Set<() => void>()
  socket.addEventListener('message', ({ data }) => {
    texts.push(String(data))
    frames.push(JSON.parse(String(data)) as StreamFrame)
    for (const watcher of watchers) watcher()
  })
  const opened = new Promise<void>(resolve => socket.addEventListener('open', () => resolve()))
  const closed = new Promise<{ code: number; reason: string }>(resolve =>
    socket.addEventListener('close', ({ code, reason }) => resolve({ code, reason })),
  )
  const send: StreamClient['send'] = frame =>
    void opened.then(() => socket.send(frame instanceof Uint8Array ? frame.slice() : textOf(frame)))
  if (authorization !== undefined) send({ type: 'auth', token: authorization.slice('Bearer '.length) })
  return {
    send,
    texts,
    opened,
    closed,
    close: () => socket.close(),
    next: type =>
      new Promise(resolve => {
        const look = () => {
          const at = frames.findIndex(frame => frame.type === type)
          if (at === -1) return
          watchers.delete(look)
          resolve(frames.splice(at, 1)[0] as Frame<typeof type>)
        }
        watchers.add(look)
        look()
      }),
  }
}

const textOf = (frame: ClientFrame | string) => (typeof frame === 'string' ? frame : JSON.stringify(frame))

/** The bearer token that a person shows. */
export function tokenOf(house: House, who: Who): string {
  return house.headersOf(who)['authorization']!.slice('Bearer '.length)
}

/** The event stream over a plain socket, which may stop reading. */
export interface EventsClient {
  readonly socket: Socket
  /** Resolves with all that came when it holds a text. */
  until(part: string): Promise<string>
  /** Resolves with all that came when the hub has closed the stream. */
  readonly closed: Promise<string>
}

/** Opens `/api/v1/events` with further headers, `last-event-id: 3`. */
export function openEvents(house: House, who: Who, { query = '', headers = '' } = {}): EventsClient {
  const { hostname, port } = new URL(house.url)
  const socket = connect(Number(port), hostname)
  let text = ''
  const watchers = new Set<() => void>()
  socket.setEncoding('utf8').on('data', part => {
    text += part
    for (const watcher of watchers) watcher()
  })
  socket.on('error', () => socket.destroy())
  const closed = new Promise<string>(resolve => socket.on('close', () => resolve(text)))
  const lines = [
    `GET /api/v1/events${query} HTTP/1.1`,
    'host: localhost',
    'connection: close',
    `authorization: Bearer ${tokenOf(house, who)}`,
  ]
  socket.write([...lines, ...(headers === '' ? [] : [headers]), '', ''].join('\r\n'))
  return {
    socket,
    closed,
    until: part =>
      new Promise(resolve => {
        const look = () => {
          if (!text.includes(part)) return
          watchers.delete(look)
          resolve(text)
        }
        watchers.add(look)
        look()
      }),
  }
}
