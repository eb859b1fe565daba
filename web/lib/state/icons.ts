import {
  mdiAirConditioner,
  mdiAlarmLight,
  mdiBrightness5,
  mdiCeilingLight,
  mdiChartLineVariant,
  mdiCheckNetworkOutline,
  mdiCoffeeMaker,
  mdiDeskLamp,
  mdiDishwasher,
  mdiDoorClosed,
  mdiDoorOpen,
  mdiFan,
  mdiFire,
  mdiFloorLamp,
  mdiFridgeOutline,
  mdiGarageOpenVariant,
  mdiGarageVariant,
  mdiGauge,
  mdiKettle,
  mdiLampOutline,
  mdiLedStripVariant,
  mdiLightbulb,
  mdiLockOpenVariantOutline,
  mdiLockOutline,
  mdiMoleculeCo2,
  mdiMonitor,
  mdiMotionSensor,
  mdiMotionSensorOff,
  mdiPower,
  mdiPowerSocketDe,
  mdiRadiator,
  mdiSmokeDetectorOutline,
  mdiSpeaker,
  mdiTelevision,
  mdiThermometer,
  mdiToggleSwitchOutline,
  mdiWalk,
  mdiWallSconceFlat,
  mdiWashingMachine,
  mdiWater,
  mdiWaterPercent,
  mdiWindowClosedVariant,
  mdiWindowOpenVariant,
} from '@mdi/js'
import type { Entity } from '../live/entity.svelte.ts'
import { mainValueName } from './kinds.ts'

// A drawing may only help the eye: what a thing is stands beside it in words.

/** What people call their things, first fit wins. */
const BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/fan|ventilat/i, mdiFan],
  [/kettle/i, mdiKettle],
  [/dishwasher/i, mdiDishwasher],
  [/washing|washer|dryer|laundry/i, mdiWashingMachine],
  [/coffee|espresso/i, mdiCoffeeMaker],
  [/fridge|freezer/i, mdiFridgeOutline],
  [/\btv\b|television/i, mdiTelevision],
  [/monitor|computer|\bpc\b/i, mdiMonitor],
  [/speaker|radio|stereo|amp/i, mdiSpeaker],
  [/heater|radiator|boiler/i, mdiRadiator],
  [/air.?con/i, mdiAirConditioner],
]
const LIGHTS_BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/strip|shelf|\bled\b/i, mdiLedStripVariant],
  [/sofa|floor|standing/i, mdiFloorLamp],
  [/desk|reading/i, mdiDeskLamp],
  [/bed|night|window|table/i, mdiLampOutline],
  [/mirror|wall|counter|porch/i, mdiWallSconceFlat],
  [/ceiling|island|hall|kitchen|dining/i, mdiCeilingLight],
]
/** True and false of a binary value. */
const BY_SENSE: Readonly<Record<string, readonly [string, string]>> = {
  open: [mdiDoorOpen, mdiDoorClosed],
  unlocked: [mdiLockOpenVariantOutline, mdiLockOutline],
  motion: [mdiWalk, mdiWalk],
  occupancy: [mdiWalk, mdiWalk],
  presence: [mdiWalk, mdiWalk],
  moving: [mdiMotionSensor, mdiMotionSensorOff],
  water_leak: [mdiWater, mdiWater],
  smoke: [mdiSmokeDetectorOutline, mdiSmokeDetectorOutline],
  gas: [mdiAlarmLight, mdiAlarmLight],
  carbon_monoxide: [mdiAlarmLight, mdiAlarmLight],
  heat: [mdiFire, mdiFire],
  connected: [mdiCheckNetworkOutline, mdiCheckNetworkOutline],
  powered: [mdiPower, mdiPower],
}
const BY_OPENING: Readonly<Record<string, readonly [string, string]>> = {
  window: [mdiWindowOpenVariant, mdiWindowClosedVariant],
  garage_door: [mdiGarageOpenVariant, mdiGarageVariant],
}
const BY_CLASS: Readonly<Record<string, string>> = {
  temperature: mdiThermometer,
  humidity: mdiWaterPercent,
  moisture: mdiWaterPercent,
  illuminance: mdiBrightness5,
  carbon_dioxide: mdiMoleculeCo2,
  pressure: mdiGauge,
  atmospheric_pressure: mdiGauge,
}

/** The drawing of an entity as it is now. */
export function iconOf(entity: Entity, name: string): string {
  const { component, deviceClass, values } = entity
  const named = (table: typeof BY_NAME) => table.find(([pattern]) => pattern.test(name))?.[1]
  switch (component) {
    case 'light':
      return named(LIGHTS_BY_NAME) ?? mdiLightbulb
    case 'switch':
      return named(BY_NAME) ?? (deviceClass === 'outlet' ? mdiPowerSocketDe : mdiPower)
    case 'binary_sensor': {
      const value = mainValueName(entity) ?? ''
      const [on, off] = BY_OPENING[deviceClass ?? ''] ??
        BY_SENSE[value] ?? [mdiToggleSwitchOutline, mdiToggleSwitchOutline]
      return values[value]?.value === true ? on : off
    }
    default:
      return BY_CLASS[deviceClass ?? ''] ?? mdiChartLineVariant
  }
}
