export { faults, MAX_ENTRIES, type Fault } from './faults.ts'
export type * from './packet.ts'
export { allowedReasons, disconnectReasons, reasons, returnCodes } from './reasons.ts'
export { PacketDecoder, type DecoderOptions, type OnPacket } from './decoder.ts'
export { encode } from './encode.ts'
export {
  ACK_SIZE,
  encodeFrame,
  publishSize,
  withReason,
  writeAck,
  writePublish,
  type PublishFields,
  type PublishFrame,
} from './output.ts'
export { MAX_FIELD, type Output } from './writer.ts'
