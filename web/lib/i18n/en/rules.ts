const plural = (n: number, one: string, many: string) => (n === 1 ? `1 ${one}` : `${n} ${many}`)

/** Rules: the list, the editor, runs and why there was none. */
export const rules = {
  title: 'Rules',
  create: 'New rule',
  search: 'Search in rules',
  loading: 'The rules are on their way',
  filters: { all: 'All', attention: 'Needs attention', waiting: 'Waiting now', off: 'Off' },
  head: { rule: 'Rule', last: 'Last run', next: 'Next' },
  isOn: (name: string) => `${name} is on`,
  isOff: (name: string, cancelled: number) =>
    cancelled === 0 ? `${name} is off` : `${name} is off, ${plural(cancelled, 'open run', 'open runs')} cancelled`,
  many: (n: number) => plural(n, 'rule', 'rules'),
  never: 'Never ran',
  cannot: 'Cannot run',
  ended: {
    running: (moment: string) => `${moment}, running`,
    waiting: (moment: string) => `${moment}, waiting`,
    queued: (moment: string) => `${moment}, in the queue`,
    done: (moment: string) => `${moment}, worked`,
    stopped: (moment: string) => `${moment}, stopped`,
    failed: (moment: string) => `${moment}, failed`,
    cancelled: (moment: string) => `${moment}, cancelled`,
  },
  waiting: (n: number) => `${n} waiting`,
  goesOn: (moment: string, rest: string) => `goes on at ${moment}, in ${rest}`,
  now: 'goes on now',
  off: 'Off',
  offInText: 'off in its text',
  rests: (moment: string) => `rests until ${moment}: rules started it too often`,
  repair: 'Repair',
  found: (shown: number, all: number) => `${shown} of ${all} rules`,
  nothing: { title: 'No rule fits', text: 'Take a filter away or search for something else.', all: 'Show all rules' },
  empty: {
    title: 'No rules yet',
    text: 'A rule says what starts it, what must also hold and what happens.',
    start: 'Start from one of these',
    blank: 'Empty rule',
  },
  examples: {
    motion: 'Light when somebody is there',
    door: 'A light for an open door',
    night: 'Lights off at night',
    frost: 'A word when it gets cold',
    message: 'A message in, a message out',
  },
}
