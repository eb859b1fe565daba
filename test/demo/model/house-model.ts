import { createLocalTime } from './local-time.ts'
import { chance, wander } from './noise.ts'

// How a house behaves over a day. Everything follows from the seed and the time: the same moment of the same house is
// the same in every run.

export type Room = 'hall' | 'living_room' | 'kitchen' | 'bedroom' | 'bathroom'

export interface HouseModel {
  /** °C, in the shade. */
  outdoor(at: number): number
  /** °C. */
  temperature(room: Room, at: number): number
  /** Relative, per cent. */
  humidity(room: Room, at: number): number
  /** Lux under the open sky. */
  daylight(at: number): number
  /** Somebody moves there. */
  isMoving(room: Room, at: number): boolean
  isFrontDoorOpen(at: number): boolean
  /** ppm. */
  carbonDioxide(room: Room, at: number): number
  /** Watts. */
  washingMachine(at: number): number
  /** Watts. */
  fridge(at: number): number
  /** hPa. */
  pressure(at: number): number
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Usual temperature, and how moist it is against the other rooms. */
const CLIMATE: Readonly<Record<Room, { warmth: number; moisture: number }>> = {
  hall: { warmth: 19.4, moisture: -2 },
  living_room: { warmth: 21.4, moisture: 0 },
  kitchen: { warmth: 20.8, moisture: 4 },
  bedroom: { warmth: 18.2, moisture: 2 },
  bathroom: { warmth: 22.3, moisture: 9 },
}

/** How likely somebody is there in each hour of the day. */
const PRESENCE: Readonly<Record<Room, readonly [from: number, to: number, likely: number][]>> = {
  hall: [
    [6, 9, 0.5],
    [9, 16, 0.12],
    [16, 23, 0.4],
  ],
  living_room: [
    [7, 9, 0.2],
    [17, 23, 0.8],
  ],
  kitchen: [
    [6.5, 8.5, 0.8],
    [12, 13.5, 0.4],
    [17.5, 20, 0.8],
    [20, 22, 0.2],
  ],
  bedroom: [
    [6, 8, 0.5],
    [21.5, 23.5, 0.5],
  ],
  bathroom: [
    [6, 8, 0.6],
    [20.5, 23, 0.4],
  ],
}

/** Minutes into a washing cycle, and watts until then. */
const WASHING: readonly (readonly [until: number, watts: number])[] = [
  [3, 60],
  [22, 2_050],
  [55, 180],
  [63, 1_100],
  [84, 160],
  [95, 480],
]

const bell = (x: number) => Math.exp(-x * x)

/** The house of a seed, in a time zone. */
export function createHouseModel({ seed, zone }: { seed: string; zone: string }): HouseModel {
  const { hour, day } = createLocalTime(zone)
  const of = (what: string) => `${seed} ${what}`
  const daily = (at: number, warmest: number) => Math.cos(((hour(at) - warmest) / 24) * 2 * Math.PI)
  const season = (at: number) => Math.cos((((at / DAY) % 365.25) / 365.25 - 0.54) * 2 * Math.PI)

  const outdoor = (at: number) =>
    10 +
    9 * season(at) +
    3.5 * daily(at, 15) +
    2 * wander(of('weather'), at / (5 * HOUR)) +
    0.2 * wander(of('air'), at / (9 * MINUTE))

  const temperature = (room: Room, at: number) =>
    CLIMATE[room].warmth +
    0.8 * daily(at, 18) +
    0.05 * (outdoor(at) - 10) +
    0.5 * wander(of(room), at / (70 * MINUTE)) +
    0.1 * wander(of(room), at / (7 * MINUTE))

  /** The bath after a shower: up at once, down within an hour. */
  const steam = (at: number) => {
    const showers = [6.8, 21.6].map(start => hour(at) - start - chance(of('shower'), day(at)) / 2)
    return showers.reduce(
      (sum, since) => sum + (since < 0 ? 0 : 28 * (1 - Math.exp(-since * 12)) * Math.exp(-since * 1.6)),
      0,
    )
  }

  const presence = (room: Room, at: number) =>
    PRESENCE[room].find(([from, to]) => hour(at) >= from && hour(at) < to)?.[2] ?? 0.01

  // Bursts: a visit of some minutes, within which movement comes and goes.
  const isMoving = (room: Room, at: number) =>
    chance(of(`${room} visit`), at / (6 * MINUTE)) < presence(room, at) &&
    chance(of(`${room} step`), at / (40 * SECOND)) < 0.6

  const daylight = (at: number) => {
    const half = 6.2 + 1.6 * season(at)
    const height = Math.cos((((hour(at) - 12.6) / half) * Math.PI) / 2)
    if (Math.abs(hour(at) - 12.6) > half) return 0
    return 52_000 * height ** 1.5 * (0.55 + 0.4 * wander(of('clouds'), at / (25 * MINUTE)))
  }

  return {
    outdoor,
    temperature,
    daylight,
    isMoving,
    humidity(room, at) {
      const moist = 47 + CLIMATE[room].moisture + 5 * wander(of(`${room} moisture`), at / (2 * HOUR))
      return Math.min(98, moist + (room === 'bathroom' ? steam(at) : 0))
    },
    isFrontDoorOpen(at) {
      const slot = Math.floor(at / (30 * MINUTE))
      if (chance(of('door'), slot) > presence('hall', at)) return false
      const opened = slot * 30 * MINUTE + chance(of('door opens'), slot) * 25 * MINUTE
      return at >= opened && at < opened + (20 + 100 * chance(of('door stays'), slot)) * SECOND
    },
    carbonDioxide(room, at) {
      const night = room === 'bedroom' ? 620 * bell((((hour(at) + 8) % 24) - 13.5) / 3.2) : 0
      const evening = room === 'living_room' ? 480 * bell((hour(at) - 21) / 2.4) : 0
      return 480 + night + evening + 40 * wander(of(`${room} air`), at / (20 * MINUTE))
    },
    washingMachine(at) {
      const starts = [9.2, 19.4].map(start => start + 0.6 * chance(of(`washing ${start}`), day(at)))
      const into = starts.map(start => (hour(at) - start) * 60).find(minutes => minutes >= 0 && minutes < 95)
      if (into === undefined) return 0.9
      const watts = WASHING.find(([until]) => into < until)![1]
      return watts * (1 + 0.06 * wander(of('drum'), at / (20 * SECOND)))
    },
    fridge(at) {
      const isCooling = at % (52 * MINUTE) < 19 * MINUTE
      return isCooling ? 84 + 5 * wander(of('compressor'), at / MINUTE) : 1.4
    },
    pressure: at => 1_014 + 9 * wander(of('pressure'), at / (14 * HOUR)),
  }
}
