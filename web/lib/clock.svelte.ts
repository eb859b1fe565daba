/** Milliseconds between two ticks: ages are told in minutes. */
const TICK = 10_000

/** The time as pages tell it: moves every ten seconds, and at once when the page comes back into view. */
export class Clock {
  now = $state(Date.now())

  start(): void {
    setInterval(() => this.tick(), TICK)
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.tick()
    })
  }

  tick(): void {
    this.now = Date.now()
  }
}
