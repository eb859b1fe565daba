import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { openScene } from './support/scene.ts'

// Who was it? Each scene plays in a house of its own and ends with what its log tells of one thing, newest first.

interface Case {
  readonly name: string
  readonly rules?: Readonly<Record<string, string>>
  readonly steps: readonly string[]
  readonly of: string
  readonly lines: readonly string[]
}

const NIGHT = 'name: Good night\non: {when: button.value == "double"}\ndo: {turn_off: kitchen}\n'

/** What was so before: nobody is told of it. */
const KITCHEN_ON = [
  'Kitchen says ON',
  'Lamp says {"state":"OFF","brightness":100}',
  'Motion says OFF',
  'Button says none',
]
const KITCHEN_OFF = ['Kitchen says OFF', ...KITCHEN_ON.slice(1)]

const cases: readonly Case[] = [
  {
    name: 'a hand at the switch',
    steps: [...KITCHEN_OFF, 'Kitchen says ON'],
    of: 'Kitchen',
    lines: ['Kitchen on true <- Kitchen itself'],
  },
  {
    name: 'a person, whose command the device answers',
    steps: [...KITCHEN_OFF, 'anna asks Kitchen turn_on', 'Kitchen says ON'],
    of: 'Kitchen',
    lines: ['Kitchen on true <- user anna'],
  },
  {
    name: 'an API token',
    steps: [...KITCHEN_OFF, 'token asks Kitchen turn_on', 'Kitchen says ON'],
    of: 'Kitchen',
    lines: ['Kitchen on true <- token anna'],
  },
  {
    name: 'a guest pass',
    steps: [...KITCHEN_OFF, 'pass asks Kitchen turn_on', 'Kitchen says ON'],
    of: 'Kitchen',
    lines: ['Kitchen on true <- pass Dog sitter'],
  },
  {
    name: 'a rule, a button, a hand at that',
    rules: { good_night: NIGHT },
    steps: [...KITCHEN_ON, 'Button says double', 'Kitchen says OFF'],
    of: 'Kitchen',
    lines: ['Kitchen on false <- rule Good night <- Button value "double" <- Button itself'],
  },
  {
    name: 'a rule that heard a message of no device',
    rules: { porch: 'on: home/door\ndo: {turn_on: kitchen}\n' },
    steps: [...KITCHEN_OFF, 'nodered says home/door open', 'Kitchen says ON'],
    of: 'Kitchen',
    lines: ['Kitchen on true <- rule porch <- message home/door <- client nodered'],
  },
  {
    name: 'a rule behind a rule behind a person',
    rules: {
      follow: 'name: Follow\non: {when: kitchen.on}\ndo: {turn_on: lamp}\n',
    },
    steps: [
      ...KITCHEN_OFF,
      'anna asks Kitchen turn_on',
      'Kitchen says ON',
      'Lamp says {"state":"ON","brightness":100}',
    ],
    of: 'Lamp',
    lines: ['Lamp on true <- rule Follow <- Kitchen on true <- user anna'],
  },
  {
    name: 'a rule that listens to the topic of a device: a person stands behind the echo',
    rules: { follow: 'name: Follow\non: kitchen/state\nif: payload == "ON"\ndo: {turn_on: lamp}\n' },
    steps: [
      ...KITCHEN_OFF,
      'anna asks Kitchen turn_on',
      'Kitchen says ON',
      'Lamp says {"state":"ON","brightness":100}',
    ],
    of: 'Lamp',
    lines: ['Lamp on true <- rule Follow <- Kitchen on true <- user anna'],
  },
  {
    name: 'the clock',
    rules: { evening: 'name: Evening\non: {every: 1min}\ndo: {turn_on: kitchen}\n' },
    steps: [...KITCHEN_OFF, '60 s pass', 'Kitchen says ON'],
    of: 'Kitchen',
    lines: ['Kitchen on true <- rule Evening <- schedule clock'],
  },
  {
    name: 'a time after a movement',
    rules: { dark: 'name: Dark\non: {when: not motion.motion, for: 60s}\ndo: {turn_off: kitchen}\n' },
    steps: [...KITCHEN_ON, 'Motion says ON', 'Motion says OFF', '60 s pass', 'Kitchen says OFF'],
    of: 'Kitchen',
    lines: ['Kitchen on false <- rule Dark <- schedule clock <- Motion motion false <- Motion itself'],
  },
  {
    name: 'a rule that waited, over a restart of the hub',
    rules: {
      good_night: NIGHT.replace('do: {turn_off: kitchen}', 'mode: single\ndo: [{wait: 60s}, {turn_off: kitchen}]'),
    },
    steps: [...KITCHEN_ON, 'Button says double', 'restart', 'Kitchen says ON', '60 s pass', 'Kitchen says OFF'],
    of: 'Kitchen',
    lines: ['Kitchen on false <- rule Good night <- Button value "double" <- Button itself'],
  },
  {
    name: 'known of what was before a restart',
    steps: [...KITCHEN_OFF, 'pass asks Kitchen turn_on', 'Kitchen says ON', 'restart', 'Kitchen says OFF'],
    of: 'Kitchen',
    lines: ['Kitchen on false <- Kitchen itself', 'Kitchen on true <- pass Dog sitter'],
  },
  {
    name: 'a hand while a command is on its way',
    steps: [...KITCHEN_OFF, 'Lamp says {"state":"ON","brightness":100}', '20 s pass'].concat([
      'anna asks Lamp turn_on {"brightness":40}',
      'Lamp says {"state":"OFF","brightness":100}',
      'Lamp says {"state":"ON","brightness":40}',
    ]),
    of: 'Lamp',
    lines: ['Lamp brightness 40 <- user anna', 'Lamp on true <- user anna', 'Lamp on false (2x) <- Lamp itself'],
  },
  {
    name: 'a hand that does something like what was asked',
    steps: [...KITCHEN_OFF, 'Lamp says {"state":"OFF","brightness":10}'].concat([
      'anna asks Lamp turn_on {"brightness":40}',
      'Lamp says {"state":"ON","brightness":90}',
    ]),
    of: 'Lamp',
    lines: ['Lamp on true <- Lamp itself'],
  },
  {
    name: 'a hand after the answer, before the command would have expired',
    steps: [...KITCHEN_OFF, 'anna asks Kitchen turn_on', 'Kitchen says ON', '2 s pass', 'Kitchen says OFF'],
    of: 'Kitchen',
    lines: ['Kitchen on false <- Kitchen itself', 'Kitchen on true <- user anna'],
  },
  {
    name: 'a hand that undoes and does again what was asked',
    steps: [...KITCHEN_OFF, 'anna asks Kitchen turn_on', 'Kitchen says ON', 'Kitchen says OFF', 'Kitchen says ON'],
    of: 'Kitchen',
    lines: ['Kitchen on true (2x) <- Kitchen itself', 'Kitchen on true <- user anna'],
  },
  {
    name: 'a device that answers too late',
    steps: [...KITCHEN_OFF, 'anna asks Kitchen turn_on', '11 s pass', 'Kitchen says ON'],
    of: 'Kitchen',
    lines: ['Kitchen on true <- Kitchen itself', 'Kitchen turn_on expired <- user anna'],
  },
  {
    name: 'a command that was replaced before its answer came',
    steps: [
      ...KITCHEN_OFF,
      'anna asks Kitchen turn_on',
      'pass asks Kitchen turn_off',
      'Kitchen says ON',
      'Kitchen says OFF',
    ],
    of: 'Kitchen',
    lines: ['Kitchen on false <- pass Dog sitter', 'Kitchen on true <- user anna'],
  },
  {
    name: 'two who ask for different things of one lamp',
    rules: { bright: 'name: Bright\non: {when: motion.motion}\ndo: {turn_on: lamp, with: {brightness: 80}}\n' },
    steps: [...KITCHEN_OFF, 'Lamp says {"state":"OFF","brightness":10}'].concat([
      'anna asks Lamp turn_on',
      'Motion says ON',
      'Lamp says {"state":"ON","brightness":10}',
      'Lamp says {"state":"ON","brightness":80}',
    ]),
    of: 'Lamp',
    lines: [
      'Lamp brightness 80 <- rule Bright <- Motion motion true <- Motion itself',
      'Lamp on true <- rule Bright <- Motion motion true <- Motion itself',
    ],
  },
  {
    name: 'a lamp that fades to what was asked, and rounds it',
    steps: [...KITCHEN_OFF, 'Lamp says {"state":"ON","brightness":10}', '20 s pass'].concat([
      'anna asks Lamp turn_on {"brightness":40}',
      'Lamp says {"state":"ON","brightness":25}',
      'Lamp says {"state":"ON","brightness":39}',
      'Lamp says {"state":"ON","brightness":40}',
    ]),
    of: 'Lamp',
    lines: ['Lamp brightness 40 (3x) <- user anna', 'Lamp on true <- Lamp itself'],
  },
  {
    name: 'another MQTT client that speaks for the device',
    steps: [...KITCHEN_OFF, 'nodered says kitchen/state ON'],
    of: 'Kitchen',
    lines: ['Kitchen on true <- client nodered'],
  },
]

describe('the cause of a change is', () => {
  it.each(cases)('$name', async ({ rules, steps, of, lines }) => {
    const folder = steps.includes('restart') ? temporaryFolder() : undefined
    const scene = await openScene(folder?.path ?? null, rules)
    try {
      for (const step of steps) await scene.play(step)
      expect(await scene.lines(of)).toEqual(lines)
    } finally {
      await scene.close()
      folder?.remove()
    }
  })

  it('the one of overlapping runs of a rule that did it', async () => {
    const doing = '[{turn_on: kitchen}, {wait: 30s}, {turn_off: kitchen}]'
    const scene = await openScene(null, {
      pulse: `name: Pulse\non: {when: motion.motion}\nmode: parallel\ndo: ${doing}\n`,
    })
    const steps = ['Motion says ON', 'Kitchen says ON', 'Motion says OFF', '20 s pass', 'Motion says ON', '10 s pass']
    const later = ['Kitchen says OFF', 'anna asks Kitchen turn_on', 'Kitchen says ON', '20 s pass', 'Kitchen says OFF']
    for (const step of [...KITCHEN_OFF, ...steps, ...later]) await scene.play(step)
    expect(await scene.lines('Kitchen')).toEqual([
      'Kitchen on false (3x) <- rule Pulse <- Motion motion true <- Motion itself',
      'Kitchen on true <- user anna',
    ])
    const [burst] = await scene.ask({ kinds: ['change'], words: ['pulse'] })
    const [ended] = await scene.ask({ kinds: ['run'] })
    const [second, first] = ended!.newest.map(({ run }) => run)
    expect(burst!.newest.map(({ run }) => run)).toEqual([second, first, first])
    expect(burst!.cause[0]).toMatchObject({ kind: 'rule', run: second })
    expect(first).not.toBe(second)
    await scene.close()
  })
})
