import type { Entity, Value } from '../live/entity.svelte.ts'
import { formats, words } from '../i18n/index.ts'
import type { Figure } from '../i18n/formats.ts'
import type { LampState } from '../components/shared/Lamp.svelte'
import { plain } from '../text.ts'
import { isDimmable, isOn, mainValue, mainValueName, senseOf, wantedLevel } from './kinds.ts'
import { trustOf, type Trust } from './trust.ts'

/** Milliseconds after which the time of the last change no longer matters. */
const LONG_AGO = 24 * 60 * 60_000

const MINUTE = 60_000

const texts = words.things

/** How an entity stands, in one line: for panes, rows and screen readers. */
export interface Reading {
  readonly trust: Trust
  readonly lamp: LampState
  readonly word: string
}

export function read(entity: Entity, now: number): Reading {
  const value = mainValue(entity)
  const trust = trustOf(entity, value, now)
  return { trust, lamp: lampOf(entity, trust), word: wordOf(entity, value, { trust, now }) }
}

function lampOf(entity: Entity, trust: Trust): LampState {
  switch (trust) {
    case 'pending':
      return 'wait'
    case 'failed':
      return 'fail'
    case 'offline':
    case 'never':
      return trust
    case 'restored':
    case 'stale':
      return 'late'
    case 'fine':
      return lampOfValue(entity)
  }
}

function lampOfValue(entity: Entity): LampState {
  const name = mainValueName(entity) ?? ''
  const value = entity.values[name]?.value
  if (typeof value !== 'boolean') return 'ok'
  if (!value) return 'off'
  if (entity.component !== 'binary_sensor') return 'lit'
  const sense = senseOf(name)
  return sense === 'open' ? 'open' : sense === 'alarm' ? 'fail' : 'ok'
}

function wordOf(entity: Entity, value: Value | undefined, { trust, now }: { trust: Trust; now: number }): string {
  const age = formats.duration(now - Math.max(value?.at ?? 0, entity.heardAt ?? 0))
  switch (trust) {
    case 'pending':
      return pendingWord(entity)
    case 'failed':
      return troubleWord(entity)
    case 'offline':
      return offlineWord(entity, now)
    case 'never':
      return texts.never
    case 'restored':
      return texts.restored(age)
    case 'stale':
      return value?.every == null ? texts.old(age) : texts.usually(age, formats.duration(value.every))
    case 'fine':
      return valueWord(entity, value, now)
  }
}

function pendingWord(entity: Entity): string {
  const wanted = wantedLevel(entity)
  if (wanted === null) return texts.asking
  if (wanted === 0) return texts.turningOff
  if (isOn(entity) === true && isDimmable(entity)) return texts.setting(`${formats.number(wanted, 0)} %`)
  return texts.turningOn
}

function troubleWord({ trouble, values }: Entity): string {
  if (trouble?.kind === 'refused') return texts.refused(plain(trouble.reason))
  const on = values['on']?.value
  return on === true ? texts.silentStillOn : on === false ? texts.silentStillOff : texts.silent
}

function offlineWord({ offlineSince, heardAt }: Entity, now: number): string {
  if (offlineSince !== null) return texts.offlineSince(formats.moment(offlineSince, now))
  return heardAt === null ? texts.offline : texts.offlineHeard(formats.moment(heardAt, now))
}

function valueWord(entity: Entity, value: Value | undefined, now: number): string {
  if (!value || value.value === null) return texts.unknown
  if (typeof value.value === 'boolean' && entity.component === 'binary_sensor') return senseWord(entity, value, now)
  if (typeof value.value === 'boolean') return value.value ? texts.on : texts.off
  return texts.classes[entity.deviceClass ?? ''] ?? ''
}

function senseWord(entity: Entity, { value, changedAt }: Value, now: number): string {
  const name = mainValueName(entity) ?? ''
  const senses: Readonly<Record<string, (typeof texts.senses)['plain']>> = texts.senses
  const sense = senses[texts.senseOf[name] ?? name] ?? texts.senses.plain
  if (changedAt === null) return value === true ? sense.yes : sense.no
  if (value === true) return now - changedAt < MINUTE ? sense.yes : sense.yesFor(formats.duration(now - changedAt))
  return now - changedAt > LONG_AGO ? sense.no : sense.noSince(formats.moment(changedAt, now))
}

/** A numeric value as a figure; null when it is no number. */
export function figureOf(value: Value | undefined): Figure | null {
  return typeof value?.value === 'number' ? formats.figure(value.value, value.unit) : null
}
