import type { Duplex } from 'node:stream'
import type { Fault } from './codec/index.ts'
import type { Connection } from './connection.ts'
import { FAULT } from './listeners/websocket-stream.ts'

// The listeners are the same functions for all streams, so that a connection costs no closures.
const attached = Symbol('connection')

type Attached = Duplex & { [attached]: Connection }

function onData(this: Attached, chunk: Buffer): void {
  this[attached].receive(chunk)
}

function onDrain(this: Attached): void {
  this[attached].outbox.onDrain()
}

function onClosed(this: Attached): void {
  this[attached].onClosed()
}

// A stream that fails is closed right after; the owner sees that the client was lost.
function onError(this: Attached): void {
  this[attached].onClosed()
}

// The stream knows what is wrong with what carries its bytes.
function onFault(this: Attached, fault: Fault): void {
  this[attached].end(fault)
}

/** Lets a connection take what its stream brings. `onGone` is called when the stream is closed for good. */
export function attach(connection: Connection, onGone: (connection: Connection) => void): void {
  const stream = connection.stream as Attached
  stream[attached] = connection
  stream.on('error', onError)
  stream.on('data', onData)
  stream.on('drain', onDrain)
  stream.on(FAULT, onFault)
  stream.on('end', onClosed)
  stream.on('close', onClosed)
  stream.once('close', () => onGone(connection))
}
