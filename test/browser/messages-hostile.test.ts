import { expect, it } from 'vitest'
import { openMessagesStage, row } from './messages-page.ts'
import { serveTopics } from './topics.ts'
import { findFaults, MATRIX } from './view.ts'

const { stage, addressOf, open } = openMessagesStage()

const EVIL = '<img src=x onerror="document.title=1">'
it.each(MATRIX)('hostile topics and payloads are text on a $size in $theme', async form => {
  const long = 'x'.repeat(10_240)
  const evil = `home/${EVIL}/\u202egnp.exe`
  serveTopics(
    stage.hub,
    [
      { topic: evil, payload: `${EVIL}\u202e` },
      { topic: `home/${long}`, payload: long },
      { topic: 'home/json', payload: JSON.stringify({ [EVIL]: `${EVIL}\u202e`, [long]: { '\u202e': long } }) },
      { topic: 'home//', payload: 'x\ny' },
      { topic: 'home/bin', payload: Buffer.from([0, 1, 254]).toString('base64'), encoding: 'base64' },
      { topic: `${'a/'.repeat(120)}end`, payload: '1' },
    ],
    { 'home/': EVIL.repeat(10) },
  )
  const view = await open({}, form)
  // What turns the direction is seen, and turns nothing.
  await row(view.page, /\\u202egnp\.exe/).waitFor()
  expect(await findFaults(view, `messages-hostile-${form.size}-${form.theme}`)).toEqual([])
  for (const topic of ['home/json', `home/${long}`, evil, `${'a/'.repeat(120)}end`]) {
    await view.page.goto(addressOf({ topic }))
    await view.page.getByRole('button', { name: 'Send again' }).waitFor()
    expect(await findFaults(view, `messages-hostile-topic${topic.length}-${form.size}-${form.theme}`)).toEqual([])
  }
  expect(await view.page.locator('img').count()).toBe(0)
  await view.context.close()
})
