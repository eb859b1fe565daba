import { beforeEach, describe, expect, it } from 'vitest'
import { START, TestHub } from './support/hub.ts'

const THINGS = {
  hall_motion: { component: 'binary_sensor', values: { occupancy: false } },
  hall_lux: { component: 'sensor', values: { illuminance: 31 } },
  hall_lamp: { component: 'light', values: { on: false, brightness: null } },
  plug: { component: 'switch', values: { on: true } },
}

let hub: TestHub

beforeEach(async () => {
  hub = await new TestHub({ things: THINGS }).boot()
})

describe('the trace of a run', () => {
  it('tells the story of a light', async () => {
    hub.house.obeys = true
    await hub.save(
      'on: {when: hall_motion.occupancy, id: motion}\nif: hall_lux.illuminance < 40\nmode: restart\ndo:\n  - {turn_on: hall_lamp, with: {brightness: 60%}, name: light}\n  - wait: 5min\n  - turn_off: hall_lamp\n',
    )
    hub.report({ 'hall_motion.occupancy': true })
    hub.pass(60_000)
    await hub.kill({ downFor: 60_000 })
    hub.house.obeys = true
    hub.pass(3 * 60_000)
    const { trace } = await hub.newest()
    expect(trace).toMatchObject({
      trigger: {
        path: 'on[0]',
        kind: 'when',
        id: 'motion',
        at: START,
        by: { kind: 'device', who: 'sensor' },
        message: null,
        condition: {
          path: 'on[0]',
          text: 'hall_motion.occupancy',
          holds: true,
          values: [{ name: 'hall_motion.occupancy', value: true, unit: null, age: 0, confirmed: true }],
        },
        planned: null,
      },
      conditions: [
        {
          path: 'if[0]',
          text: 'hall_lux.illuminance < 40',
          holds: true,
          parts: [
            {
              text: 'hall_lux.illuminance < 40',
              holds: true,
              sides: [
                { text: 'hall_lux.illuminance', value: 31 },
                { text: '40', value: 40 },
              ],
            },
          ],
          values: [{ name: 'hall_lux.illuminance', value: 31, age: 60_000, confirmed: true }],
          notes: [],
        },
      ],
      leftOut: 0,
      reason: null,
    })
    expect(trace.steps).toMatchObject([
      {
        path: 'do[0]',
        verb: 'turn_on',
        name: 'light',
        at: START,
        result: 'done',
        condition: null,
        did: {
          kind: 'command',
          commands: [
            { slug: 'hall_lamp', command: 'turn_on', values: { brightness: 60 }, state: 'confirmed', took: 0 },
          ],
        },
      },
      {
        path: 'do[1]',
        did: { kind: 'wait', due: START + 300_000, ended: START + 300_000, restartedAt: START + 120_000 },
      },
      { path: 'do[2]', did: { kind: 'command', commands: [{ command: 'turn_off', state: 'confirmed' }] } },
    ])
  })

  it('tells the message, and who sent it', async () => {
    await hub.save('on: {topic: home/+room}\ndo: {log: "{{ room }}", level: warn}\n')
    hub.message('home/hall', '{"a":1}')
    expect((await hub.newest()).trace).toMatchObject({
      trigger: {
        kind: 'topic',
        by: { kind: 'device', who: 'client' },
        message: { topic: 'home/hall', payload: '{"a":1}', client: 'client' },
        condition: null,
      },
      steps: [{ did: { kind: 'log', level: 'warn', text: 'hall' } }],
    })
  })

  it('tells what was published', async () => {
    await hub.save('on: a/b\ndo: [{publish: c/d, qos: 1, retain: true}, {publish: e, payload: [1]}]\n')
    hub.message('a/b', Uint8Array.of(255, 1))
    expect((await hub.newest()).trace).toMatchObject({
      trigger: { message: { payload: '2 bytes' } },
      steps: [
        { did: { kind: 'publish', topic: 'c/d', payload: '2 bytes', qos: 1, retain: true } },
        { did: { topic: 'e', payload: '[1]', qos: 0, retain: false } },
      ],
    })
  })

  it('tells each comparison of a condition, and values by which nobody knows', async () => {
    await hub.save(
      'on: a/b\ndo:\n  - log: x\n    if: hall_lux.illuminance > 40 and (not plug.on or hall_lamp.brightness < 5)\n  - log: y\n    if: hall_lamp.brightness < 5 or payload == "x"\n',
    )
    hub.message('a/b', 'x')
    const { trace } = await hub.newest()
    expect(trace.steps).toMatchObject([
      {
        result: 'skipped',
        did: null,
        condition: {
          path: 'do[0].if',
          holds: false,
          parts: [
            { text: 'hall_lux.illuminance > 40', holds: false },
            { text: 'plug.on', holds: true, sides: [] },
            { text: 'hall_lamp.brightness < 5', holds: null, sides: [{ value: null }, { value: 5 }] },
          ],
          values: [
            { name: 'hall_lux.illuminance' },
            { name: 'plug.on' },
            { name: 'hall_lamp.brightness', value: null, unit: '%', age: null },
          ],
        },
      },
      {
        result: 'done',
        condition: { holds: true, parts: [{ holds: null }, { holds: true, sides: [{ value: 'x' }, { value: 'x' }] }] },
      },
    ])
  })

  it('tells the moment that was planned', async () => {
    await hub.save('on: {at: "21:05"}\ndo: {log: x}\n')
    await hub.kill({ downFor: 10 * 60_000 })
    expect((await hub.newest()).trace.trigger).toMatchObject({
      kind: 'at',
      planned: START + 5 * 60_000,
      at: START + 10 * 60_000,
      by: { kind: 'schedule' },
    })
  })

  it('waits with being written until the device has answered, or has not', async () => {
    await hub.save('on: a/b\ndo: {turn_on: [hall_lamp, plug]}\n')
    hub.message('a/b', '')
    const [lamp, plug] = hub.house.commands
    expect(hub.disk.traces).toEqual([])
    expect(await hub.newest()).toMatchObject({ state: 'done', outcome: 'pending' })
    hub.pass(120)
    hub.house.answer(lamp!, { state: 'confirmed', reason: null })
    expect((await hub.newest()).trace.steps[0]!.did).toMatchObject({
      commands: [
        { slug: 'hall_lamp', state: 'confirmed', took: 120, reason: null },
        { slug: 'plug', state: 'pending', took: null },
      ],
    })
    hub.pass(10_000)
    const told = hub.runs.length
    hub.house.answer(plug!, { state: 'expired', reason: 'no answer' })
    hub.pass(0)
    expect(hub.runs.slice(told)).toMatchObject([{ state: 'done', outcome: 'expired' }])
    expect(hub.engine.file('rule')!.rules[0]!.lastRun).toMatchObject({ state: 'done', outcome: 'expired' })
    expect(hub.disk.traces).toMatchObject([
      {
        trace: {
          steps: [{ did: { commands: [{ took: 120 }, { state: 'expired', reason: 'no answer', took: 10_120 }] } }],
        },
      },
    ])
    expect(await hub.newest()).toMatchObject({ state: 'done', outcome: 'expired' })
    expect(await hub.engine.runs({ slug: 'rule', limit: 10 })).toHaveLength(1)
  })

  it('is written when the hub stops, with answers that nobody will hear', async () => {
    await hub.save('on: a/b\ndo: {turn_on: plug}\n')
    hub.message('a/b', '')
    hub.engine.close()
    hub.store.flush()
    expect(hub.disk.traces).toMatchObject([
      { trace: { outcome: 'unknown', steps: [{ did: { commands: [{ state: 'unknown' }] } }] } },
    ])
  })

  it.each<[ends: ('confirmed' | 'expired' | 'failed')[], outcome: string]>([
    [['confirmed', 'confirmed'], 'confirmed'],
    [['expired', 'confirmed'], 'expired'],
    [['expired', 'failed'], 'failed'],
    [['failed', 'expired'], 'failed'],
  ])('of commands that ended %j is told by the worst: %s', async (ends, outcome) => {
    await hub.save('on: a/b\ndo: {turn_on: [hall_lamp, plug]}\n')
    hub.message('a/b', '')
    ends.forEach((state, index) => hub.house.answer(hub.house.commands[index]!, { state, reason: null }))
    hub.pass(0)
    expect(await hub.newest()).toMatchObject({ state: 'done', outcome })
  })

  it('is known as the last one of its rule after a restart', async () => {
    await hub.save('on: a/b\ndo: {turn_on: plug}\n')
    await hub.save('on: c/d\ndo: {log: x}\n', 'quiet')
    hub.message('a/b', '')
    hub.house.answer(hub.house.commands[0]!, { state: 'expired', reason: 'no answer' })
    hub.pass(0)
    const { lastRun } = hub.engine.file('rule')!.rules[0]!
    await hub.kill()
    expect(hub.engine.file('rule')!.rules[0]!.lastRun).toEqual(lastRun)
    expect(lastRun).toMatchObject({ state: 'done', outcome: 'expired' })
    expect(hub.engine.file('quiet')!.rules[0]!.lastRun).toBeNull()
  })

  it('tells that nobody knows what became of a command over a restart', async () => {
    await hub.save('on: a/b\nmode: single\ndo: [{turn_on: plug}, {wait: 10s}]\n')
    hub.message('a/b', '')
    await hub.kill()
    hub.pass(10_000)
    expect((await hub.newest()).trace.steps[0]!.did).toMatchObject({ commands: [{ state: 'unknown', took: null }] })
  })

  it('tells why a step failed, and goes no further', async () => {
    await hub.save('on: a/b\ndo: [{turn_on: plug}, {log: after}]\n')
    Object.assign(hub.house.entity('plug'), { online: false })
    hub.message('a/b', '')
    expect(await hub.newest()).toMatchObject({
      state: 'failed',
      trace: {
        reason: 'plug: plug is offline',
        steps: [
          { result: 'failed', reason: 'plug: plug is offline', did: { commands: [{ state: 'failed', took: 0 }] } },
        ],
      },
    })
    expect(hub.logged).toEqual([])
  })

  it('is not failed as long as one of several obeys', async () => {
    await hub.save('on: a/b\ndo: [{turn_on: [plug, hall_lamp]}, {log: after}]\n')
    Object.assign(hub.house.entity('plug'), { online: false })
    hub.message('a/b', '')
    expect(hub.logged).toEqual(['after'])
  })

  it.each([
    [
      '{publish: "c/{{ hall_lamp.brightness }}", payload: x}',
      'a value that goes into it is unknown; unknown: hall_lamp.brightness',
    ],
    ['{publish: "{{ payload }}", payload: x}', '"a+b" is no topic to publish to'],
    ['{publish: "$SYS/{{ topic }}", payload: x}', '"$SYS/a/b" is no topic to publish to'],
    ['{turn_on: hall_lamp, with: {brightness: "{{ payload }}"}}', 'brightness takes a number, not "a+b"'],
    [
      '{turn_on: hall_lamp, with: {brightness: "{{ hall_lamp.brightness }}"}}',
      'brightness is unknown; unknown: hall_lamp.brightness',
    ],
  ])('tells what stood in the way of %s', async (step, reason) => {
    await hub.save(`on: a/b\ndo: ${step}\n`)
    hub.message('a/b', 'a+b')
    expect((await hub.newest()).trace.reason).toBe(reason)
    expect(hub.effects).toEqual([])
  })

  it('keeps 64 steps, 8 targets, and 200 characters of a text', async () => {
    const steps = Array.from({ length: 70 }, (_, i) => `{log: "${i}"}`)
    await hub.save(`on: a/b\ndo: [{log: "{{ payload }}"}, ${steps.join(', ')}]\n`)
    hub.message('a/b', 'x'.repeat(1_000))
    const { trace } = await hub.newest()
    expect(trace.steps).toHaveLength(64)
    expect(trace.leftOut).toBe(7)
    expect(trace.trigger.message!.payload).toHaveLength(203)
    expect(trace.steps[0]!.did).toMatchObject({ text: `${'x'.repeat(200)}...` })
    for (let i = 0; i < 10; i++) hub.house.add(`lamp_${i}`, THINGS.hall_lamp)
    await hub.save('on: a/b\ndo: {turn_on: area.all.lights}\n', 'many')
    hub.message('a/b', '')
    expect(hub.effects.filter(effect => 'command' in effect)).toHaveLength(11)
    expect((await hub.newest('many')).trace.steps[0]!.did).toMatchObject({ commands: { length: 8 } })
  })

  it('stays small however large the rule is', async () => {
    const long = 'x'.repeat(5_000)
    const conditions = Array.from({ length: 100 }, (_, i) => `payload != "${i}${long.slice(0, 500)}"`)
    const step = (i: number) => `  - {log: "${i}${long}", name: ${long}, if: payload == "go"}\n`
    const steps = Array.from({ length: 15 }, (_, i) => step(i))
    await hub.save(
      `on: {topic: a/b, id: ${long}}\nif: [${conditions.map(each => `'${each}'`).join(', ')}]\ndo:\n${steps.join('')}`,
    )
    hub.message('a/b', 'go')
    const { trace } = await hub.newest()
    expect(trace.conditions).toHaveLength(64)
    expect(trace.steps).toHaveLength(15)
    expect(JSON.stringify(trace).length).toBeLessThan(128 * 1024)
  })

  it('is kept of as many runs as `trace` says', async () => {
    await hub.save('on: a/b\ntrace: 3\ndo: {log: x}\n')
    for (let i = 0; i < 5; i++) hub.message('a/b', String(i))
    expect(await hub.engine.runs({ slug: 'rule', limit: 10 })).toHaveLength(3)
  })

  it('of a run that started anew tells so', async () => {
    await hub.save('on: a/b\nmode: restart\ndo: [{wait: 10s}]\n')
    hub.message('a/b', '1')
    hub.message('a/b', '2')
    const runs = await hub.engine.runs({ slug: 'rule', limit: 10 })
    expect(runs.map(({ state }) => state)).toEqual(['waiting', 'cancelled'])
    expect((await hub.engine.run(runs[1]!.id))!.trace).toMatchObject({
      reason: 'started anew',
      steps: [{ did: { kind: 'wait', ended: null } }],
    })
  })
})
