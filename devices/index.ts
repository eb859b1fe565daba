export type { Component, ComponentTable } from './components/component.ts'
export type { AnnouncementFault, Candidate, Registry, RegistryOptions } from './face.ts'
export type { Command, CommandRequest } from './model/command.ts'
export type { Area, CommandSpec, Device, Entity, Pending, Scalar, Value, ValueSpec } from './model/entity.ts'
export type { Change, Event } from './model/event.ts'
export type {
  DeviceOp,
  DeviceStore,
  StoredAlias,
  StoredAnnouncement,
  StoredArea,
  StoredDevice,
  StoredDevices,
  StoredEntity,
  StoredValue,
} from './store.ts'
