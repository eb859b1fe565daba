import { expect, it } from 'vitest'
import { AREAS, HOUSE } from './house.ts'
import { openStage } from './stage.ts'

const stage = openStage(hub => {
  hub.areas = [...AREAS]
  hub.entities = [...HOUSE]
})

interface Stop {
  readonly what: string
  readonly name: string
  readonly isSeen: boolean
  readonly isMarked: boolean
}

/** Where the focus is, what it is called, and whether it looks otherwise than without the focus. Null behind the last stop. */
const STOP = `(() => {
  const it = document.activeElement
  if (it === document.body) return null
  const box = it.getBoundingClientRect()
  const around = [it, it.parentElement, it.nextElementSibling, it.closest('li'), it.labels?.[0]].filter(Boolean)
  const look = () => around.flatMap(each => [null, '::before', '::after'].map(part => getComputedStyle(each, part).boxShadow)).join()
  const focused = look()
  it.blur()
  const blurred = look()
  it.focus({ preventScroll: true, focusVisible: true })
  return {
    what: it.outerHTML.slice(0, 120),
    name: (it.getAttribute('aria-label') ?? it.labels?.[0]?.textContent ?? it.textContent ?? '').trim(),
    isSeen: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
    isMarked: focused !== blurred,
  }
})()`

it.each([
  ['/', 'Home'],
  ['/devices', 'Devices'],
  ['/add', 'Add a device'],
  ['/messages', 'Messages'],
  ['/settings', 'Settings'],
])('the Tab key stops on %s where it is seen, at what has a name', async (path, title) => {
  const { page, context } = await stage.open(path)
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
  const stops: Stop[] = []
  for (let count = 0; count < 40; count++) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate<Stop | null>(STOP)
    if (stop === null) break
    stops.push(stop)
  }
  expect(stops.length).toBeGreaterThan(8)
  expect(stops.filter(({ name, isSeen, isMarked }) => name === '' || !isSeen || !isMarked)).toEqual([])
  await context.close()
})
