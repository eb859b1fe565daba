import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openScene, told, type Scene } from './support/scene.ts'

let scene: Scene
beforeEach(async () => {
  scene = await openScene(null, {
    blink: 'name: Blink\non: {when: motion.motion}\ndo: {turn_on: kitchen}\n',
  })
  for (const step of ['Kitchen says OFF', 'Motion says OFF', 'Button says none', 'Meter says 1']) await scene.play(step)
})
afterEach(() => scene.close())

async function play(...steps: string[]): Promise<void> {
  for (const step of steps) await scene.play(step)
}

describe('activity is', () => {
  it('what is on or off and words, not numbers, however many', async () => {
    for (let i = 2; i <= 500; i++) await play(`Meter says ${i}`)
    await play(
      'Button says 1_double',
      'Button says none',
      'Button says 2026-03-01T20:00:00',
      'Button says 192.168.1.77',
    )
    expect(await scene.lines('Meter')).toEqual([])
    expect(await scene.lines('Button')).toEqual(['Button value "none" (2x) <- Button itself'])
  })

  it('a number that somebody set', async () => {
    await play('Lamp says {"state":"ON","brightness":10}', 'anna asks Lamp turn_on {"brightness":40}')
    await play('Lamp says {"state":"ON","brightness":40}', '20 s pass', 'Lamp says {"state":"ON","brightness":70}')
    expect(await scene.lines('Lamp')).toEqual(['Lamp brightness 40 <- user anna'])
  })

  it('a run of a rule, once, when it is over, and a device that comes or goes', async () => {
    await play('Motion says ON', 'Kitchen says ON', 'anna forgets Button')
    const all = (await scene.ask({ kinds: ['run', 'device'] })).map(told)
    expect(all).toEqual([
      'Button removed <- user anna',
      'Blink ran done <- Motion motion true <- Motion itself',
      ...['Meter', 'Motion', 'Button', 'Lamp', 'Kitchen'].map(name => `${name} added <- user anna`),
    ])
  })

  it('told in the order of what happened, though a rule acts before it is', async () => {
    await play('Motion says ON', 'Kitchen says ON')
    const all = await scene.ask({ kinds: ['change', 'run'] })
    expect(all.map(told).slice(0, 3)).toEqual([
      'Kitchen on true <- rule Blink <- Motion motion true <- Motion itself',
      'Blink ran done <- Motion motion true <- Motion itself',
      'Motion motion true <- Motion itself',
    ])
    expect(all[0]!.newest[0]!.run).toBe(all[1]!.what.kind === 'run' ? all[1]!.what.run : null)
  })

  it('not kept of what the owner keeps nothing of', async () => {
    await scene.keepNothingOf('Kitchen')
    await play('Kitchen says ON')
    expect(await scene.lines('Kitchen')).toEqual([])
  })
})

describe('a burst', () => {
  it('is one line of how many, since when, with the newest one by one', async () => {
    for (let i = 0; i < 3; i++) await play('Kitchen says ON', '30 s pass', 'Kitchen says OFF', '30 s pass')
    const [burst, ...others] = await scene.ask({ kinds: ['change'] })
    expect(others).toEqual([])
    expect(told(burst!)).toBe('Kitchen on false (6x) <- Kitchen itself')
    expect(burst!.newest.map(({ to }) => to)).toEqual([false, true, false, true, false, true])
    expect(burst!.newest[0]!.at - burst!.since).toBe(150_000)
  })

  it('is of one chain, with what each value in it became', async () => {
    const rule = 'name: Press\non: {when: button.value != "none"}\ndo: {toggle: kitchen}\n'
    const pressed = await openScene(null, { press: rule })
    const steps = ['Kitchen says OFF', 'Button says none', 'Button says single', 'Kitchen says ON', 'Button says none']
    for (const step of [...steps, '20 s pass', 'Button says double', 'Kitchen says OFF']) await pressed.play(step)
    expect(await pressed.lines('Kitchen')).toEqual([
      'Kitchen on false <- rule Press <- Button value "double" <- Button itself',
      'Kitchen on true <- rule Press <- Button value "single" <- Button itself',
    ])
    await pressed.close()
  })

  it('is one also when a rule follows a number', async () => {
    const rule = 'name: Load\non: meter/state\ndo: {toggle: kitchen}\n'
    const loaded = await openScene(null, { load: rule })
    for (const step of ['Kitchen says OFF', 'Meter says 1', 'Meter says 2', 'Kitchen says ON', '20 s pass'])
      await loaded.play(step)
    for (const step of ['Meter says 3', 'Kitchen says OFF']) await loaded.play(step)
    expect(await loaded.lines('Kitchen')).toEqual([
      'Kitchen on false (2x) <- rule Load <- Meter power 3 <- Meter itself',
    ])
    await loaded.close()
  })

  it('ends with a pause of three minutes, another cause, or a day', async () => {
    await play('Kitchen says ON', '180 s pass', 'Kitchen says OFF', '181 s pass', 'Kitchen says ON')
    await play('anna asks Kitchen turn_off', 'Kitchen says OFF', 'Kitchen says ON')
    expect(await scene.lines('Kitchen')).toEqual([
      'Kitchen on true (2x) <- Kitchen itself',
      'Kitchen on false <- user anna',
      'Kitchen on false (2x) <- Kitchen itself',
    ])
    for (let i = 0; i < 500; i++) await play('180 s pass', `Kitchen says ${i % 2 === 0 ? 'OFF' : 'ON'}`)
    expect((await scene.lines('Kitchen'))[1]).toMatch(/^Kitchen on \w+ \(482x\) <- Kitchen itself$/)
  })

  it('tells twenty one by one, and is written when it doubled or is over', async () => {
    const before = await scene.written()
    for (let i = 0; i < 1_000; i++) await play(`Kitchen says ${i % 2 === 0 ? 'ON' : 'OFF'}`, '10 s pass')
    // Twenty single ones, 40, 80, 160, 320, 640: each at most 1,300 characters.
    expect((await scene.written()) - before).toBeLessThan(25 * 1_300)
    const [burst] = await scene.ask({ kinds: ['change'] })
    expect(burst!.count).toBe(1_000)
    expect(burst!.newest).toHaveLength(20)
  })

  it('that is over is on the disk whole, without being asked for', async () => {
    for (let i = 0; i < 30; i++) await play(`Kitchen says ${i % 2 === 0 ? 'ON' : 'OFF'}`)
    const before = await scene.written()
    await play('180 s pass', '180 s pass', '10 s pass')
    expect(await scene.written()).toBeGreaterThan(before)
  })

  it('belongs to every time that it reaches into', async () => {
    await play('Kitchen says ON', '100 s pass', 'Kitchen says OFF')
    const [{ since } = { since: 0 }] = await scene.ask({ kinds: ['change'] })
    const within = async (from: number, to: number) =>
      (await scene.ask({ kinds: ['change'], from: since + from, to: since + to })).length
    expect(await within(10_000, 20_000)).toBe(1)
    expect(await within(100_000, 200_000)).toBe(1)
    expect(await within(100_001, 200_000)).toBe(0)
    expect(await within(-100, 0)).toBe(0)
  })
})

describe('the search', () => {
  it.each([
    [['kitchen', 'blink'], true, ['Kitchen on true <- rule Blink <- Motion motion true <- Motion itself']],
    [['blink'], false, ['Blink ran done <- Motion motion true <- Motion itself']],
    [['kitchen', 'blink'], false, []],
    [['nothing'], true, []],
  ])('for %j, with causes: %s', async (words, searchesCauses, lines) => {
    await play('Motion says ON', 'Kitchen says ON')
    expect((await scene.ask({ words, searchesCauses, kinds: ['change', 'run'] })).map(told)).toEqual(lines)
  })
})

it('a rule that listens to the topic of what it switches does not start by the answer', async () => {
  const toggling = await openScene(null, { toggle: 'on: kitchen/state\ndo: {toggle: kitchen}\n' })
  await toggling.play('Kitchen says OFF')
  await toggling.play('Kitchen says ON')
  expect((await toggling.ask({ kinds: ['run'] })).map(told)).toEqual([
    'toggle ran done <- Kitchen on false <- Kitchen itself',
  ])
  await toggling.play('20 s pass')
  await toggling.play('Kitchen says OFF')
  expect((await toggling.ask({ kinds: ['run'] })).map(told)).toEqual([
    'toggle ran done (2x) <- Kitchen on false <- Kitchen itself',
  ])
  await toggling.close()
})

it('rules that wait for each other go on for ever, with a chain of 16 links at most', async () => {
  const switches = await openScene(null, {
    off: 'on: {when: kitchen.on, for: 60s}\ndo: {turn_off: kitchen}\n',
    on: 'on: {when: not kitchen.on, for: 60s}\ndo: {turn_on: kitchen}\n',
  })
  await switches.play('Kitchen says OFF')
  await switches.play('Kitchen says ON')
  for (let i = 0; i < 40; i++) {
    await switches.play('60 s pass')
    await switches.play(`Kitchen says ${i % 2 === 0 ? 'OFF' : 'ON'}`)
  }
  const [last] = await switches.ask({ kinds: ['change'] })
  const chain = ['rule on', 'schedule clock', 'Kitchen on false', 'rule off', 'schedule clock', 'Kitchen on true']
  expect(told(last!).split(' <- ').slice(1, 7)).toEqual(chain)
  expect(last!.cause).toHaveLength(15)
  await switches.close()
})
