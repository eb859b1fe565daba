export type { Component, ComponentTable } from './components/component.ts'
export { components } from './components/index.ts'
export type { AnnouncementFault, Candidate, Point, Registry, RegistryOptions, Unsupported } from './face.ts'
export type { Command, CommandRequest } from './model/command.ts'
export type { Area, CommandSpec, Device, Entity, Pending, Scalar, Trouble, Value, ValueSpec } from './model/entity.ts'
export type { Change, Event } from './model/event.ts'
export type {
  AdoptionChoice,
  DeviceLogins,
  Door,
  GuestConnection,
  GuestInfo,
  GuestSeat,
  Heard,
  HeardMessage,
  Knock,
  KnockReason,
  OwnTopics,
  Pairing,
  Visitor,
} from './pairing/face.ts'
export { createPairing } from './pairing/pairing.ts'
export { createRegistry } from './registry/registry.ts'
export { replayCaptures, type Capture, type ReplayReport } from './replay.ts'
export type {
  DeviceOp,
  DeviceStore,
  StoredAlias,
  StoredAnnouncement,
  StoredArea,
  StoredDevice,
  StoredDevices,
  StoredEntity,
  StoredPoints,
  StoredValue,
} from './store.ts'
