const HOUR = 3_600_000

export interface LocalTime {
  /** Hours since midnight, 0 to 24. */
  hour(at: number): number
  /** Number of the day. */
  day(at: number): number
}

/** What the clock on the wall says in a time zone. */
export function createLocalTime(zone: string): LocalTime {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'longOffset' })
  const offsets = new Map<number, number>()
  const offsetAt = (at: number) => {
    const key = Math.floor(at / HOUR)
    let offset = offsets.get(key)
    if (offset === undefined) {
      const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')!.value
      const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? ['', '+', '0', '0']
      offset = (sign === '-' ? -1 : 1) * (Number(hours) * HOUR + Number(minutes) * 60_000)
      offsets.set(key, offset)
    }
    return offset
  }
  return {
    hour: at => (((at + offsetAt(at)) / HOUR) % 24) as number,
    day: at => Math.floor((at + offsetAt(at)) / (24 * HOUR)),
  }
}
