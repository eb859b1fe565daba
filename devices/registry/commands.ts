import { isHobError, type Cancel, type Cause, type Causes, type Clock, type Publish, type Ulid } from '#kernel'
import type { Intent, Values } from '../components/definition.ts'
import { definitions } from '../components/index.ts'
import type { Outgoing } from '../dialects/dialect.ts'
import type { Command, CommandRequest } from '../model/command.ts'
import type { Scalar, Trouble } from '../model/entity.ts'
import { checkCommand } from './command-check.ts'
import { Echoes, isSame, type Asked } from './echoes.ts'
import type { LiveEntity } from './entity.ts'
import { COMMAND_EXPIRY, COMMAND_KEPT, MAX_COMMANDS } from './limits.ts'
import { tellTrouble } from './trouble.ts'
import type { Turn, Turns } from './turn.ts'

/** A command that waits for the device's word. */
interface Open extends Asked {
  command: Command
  readonly entity: LiveEntity
  /** What the device has not confirmed yet. */
  readonly left: Map<string, Scalar>
  /** Monotonic milliseconds. */
  readonly until: number
  cancel: Cancel
}

export interface Commands {
  /** @throws HobError `devices.unknown_command`, `devices.bad_value`. */
  send(entity: LiveEntity, request: CommandRequest & { readonly expiry?: number }, cause: Cause): Command
  byId(id: Ulid): Command | undefined
  /** The entity reported these values. */
  onReport(entity: LiveEntity, values: Values, turn: Turn): void
  /** Whose asking each changed value of a report follows, by name; undefined when it is the device's own doing. */
  causesOf(entity: LiveEntity, values: Values): ReadonlyMap<string, Cause> | undefined
  /** Ends what is open for entities that go away. */
  abandon(entity: LiveEntity, turn: Turn): void
  close(): void
}

export interface CommandsOptions {
  readonly clock: Clock
  readonly causes: Causes
  readonly newId: () => Ulid
  readonly publish: Publish
  readonly turns: Turns
  /** Takes the values that nothing reports as state. */
  readonly assume: (entity: LiveEntity, values: Values, turn: Turn) => void
}

const troubleOf = ({ command, values, at }: Command, how: Pick<Trouble, 'state' | 'reason'>): Trouble => ({
  command,
  values,
  at,
  ...how,
})

/** Sends commands and follows each to its end: `confirmed`, `expired` or `failed`. */
export function createCommands(options: CommandsOptions): Commands {
  const { clock, turns } = options
  const known = new Map<Ulid, Command>()
  const ended: { id: Ulid; at: number }[] = []
  const openOf = new Map<LiveEntity, Open[]>()
  const echoes = new Echoes(clock)

  function keep(command: Command): void {
    known.set(command.id, command)
    if (command.state !== 'pending') ended.push({ id: command.id, at: clock.monotonic() })
    while (ended.length > 0 && (ended[0]!.at + COMMAND_KEPT <= clock.monotonic() || ended.length > MAX_COMMANDS)) {
      known.delete(ended.shift()!.id)
    }
  }

  function showPending(entity: LiveEntity, turn: Turn): void {
    const last = openOf.get(entity)?.at(-1)?.command
    if (entity.pending?.id === last?.id) return
    entity.pending = last === undefined ? null : { id: last.id, command: last.command, since: last.at }
    turn.changes.push({ kind: 'pending', entity, pending: entity.pending })
  }

  function end(open: Open, how: { state: Command['state']; reason: string | null }, turn: Turn): void {
    open.cancel()
    echoes.keep(open.entity, open, open.until)
    const others = openOf.get(open.entity)!.filter(each => each !== open)
    if (others.length > 0) openOf.set(open.entity, others)
    else openOf.delete(open.entity)
    open.command = { ...open.command, ...how }
    keep(open.command)
    turn.changes.push({ kind: 'command', command: open.command })
    showPending(open.entity, turn)
  }

  /** Ends earlier commands that asked for the same values: the device has to answer the newer one. */
  function supersede(entity: LiveEntity, expected: Values, turn: Turn): void {
    for (const open of openOf.get(entity) ?? []) {
      if (![...open.left.keys()].some(name => Object.hasOwn(expected, name))) continue
      end(open, { state: 'failed', reason: 'replaced by a newer command' }, turn)
    }
  }

  function fail(command: Command, entity: LiveEntity, reason: string): Command {
    const failed: Command = { ...command, state: 'failed', reason }
    keep(failed)
    turns.run(command.cause, turn => {
      turn.changes.push({ kind: 'command', command: failed })
      tellTrouble(entity, troubleOf(command, { state: 'failed', reason }), turn)
    })
    return failed
  }

  function encode(entity: LiveEntity, intent: Intent): readonly Outgoing[] | string {
    const owner = entity.device.name
    if (entity.source === null) return `${owner} no longer announces it`
    if (entity.online === false) return `${owner} is offline`
    try {
      const messages = entity.description.encode?.(intent, entity.values) ?? []
      return messages.length > 0 ? messages : `${owner} has no message for it`
    } catch (error) {
      if (isHobError(error)) return error.message
      throw error
    }
  }

  function open(command: Command, entity: LiveEntity, intent: Intent & { expiry: number }): Open {
    const { assumed } = entity.description
    const left = new Map(
      Object.entries(intent.expected).filter(([name]) => !assumed.includes(name) && entity.values.has(name)),
    )
    const expire = () =>
      turns.run(command.cause, turn => {
        const how = { state: 'expired', reason: 'no answer' } as const
        end(entry, how, turn)
        tellTrouble(entity, troubleOf(command, how), turn)
      })
    const { expected, expiry } = intent
    const until = clock.monotonic() + expiry
    const cancel = clock.after(expiry, expire)
    const entry: Open = { command, entity, left, undone: new Set(), expected, cause: command.cause, until, cancel }
    openOf.set(entity, [...(openOf.get(entity) ?? []), entry])
    return entry
  }

  return {
    send(entity, { expiry = COMMAND_EXPIRY, ...request }, cause) {
      checkCommand(entity, request)
      const intent = definitions.get(entity.component)!.resolve(request, entity.values)
      const { command: name, values } = request
      const at = clock.now()
      const base = { id: options.newId(), entity: entity.id, command: name, values, cause, at, reason: null }
      const command: Command = { ...base, state: 'pending' }
      const messages = encode(entity, intent)
      if (typeof messages === 'string') return fail(command, entity, messages)
      for (const message of messages) options.publish({ ...message, expiry, cause })
      turns.run(cause, turn => {
        tellTrouble(entity, null, turn)
        supersede(entity, intent.expected, turn)
        keep(command)
        turn.changes.push({ kind: 'command', command })
        const fade = typeof values['transition'] === 'number' ? values['transition'] * 1000 : 0
        const entry = open(command, entity, { ...intent, expiry: expiry + fade })
        const { assumed } = entity.description
        options.assume(
          entity,
          Object.fromEntries(Object.entries(intent.expected).filter(([value]) => assumed.includes(value))),
          turn,
        )
        if (entry.left.size === 0) end(entry, { state: 'confirmed', reason: null }, turn)
        else showPending(entity, turn)
      })
      return known.get(command.id) ?? command
    },
    byId: id => known.get(id),
    onReport(entity, values, turn) {
      for (const entry of openOf.get(entity) ?? []) {
        for (const [name, asked] of entry.left) {
          const told = values[name]
          if (told !== undefined && isSame(entity, name, { asked, told })) entry.left.delete(name)
        }
        if (entry.left.size === 0) end(entry, { state: 'confirmed', reason: null }, turn)
      }
    },
    causesOf: (entity, values) => echoes.causesOf(entity, values, openOf.get(entity) ?? []),
    abandon(entity, turn) {
      for (const entry of openOf.get(entity) ?? []) {
        end(entry, { state: 'failed', reason: `${entity.device.name} was removed` }, turn)
      }
      echoes.forget(entity)
    },
    close() {
      for (const entries of openOf.values()) for (const { cancel } of entries) cancel()
      openOf.clear()
    },
  }
}
