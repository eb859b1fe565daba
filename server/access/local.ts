import type { Principal } from './face.ts'
import { Rights } from './rights.ts'

/** Whoever can open the hub's socket in the data folder is its owner. */
export const LOCAL: Principal = {
  kind: 'local',
  user: null,
  who: 'hob',
  role: 'owner',
  rights: Rights.inHouse('manage'),
  grant: null,
  viewer: null,
}
