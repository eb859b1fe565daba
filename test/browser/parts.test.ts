import type { Browser, Page } from 'playwright-core'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, preview, type PreviewServer } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from './chromium.ts'
import { findFaults, heading, MATRIX, openView } from './view.ts'

// The shared parts on one page of their own, which is built for this test alone.
const root = join(import.meta.dirname, '../web/parts')
const configFile = join(import.meta.dirname, '../../web/vite.config.ts')
const outDir = mkdtempSync(join(tmpdir(), 'hob-parts-'))

let browser: Browser
let server: PreviewServer
let url: string
beforeAll(async () => {
  await build({ root, configFile, logLevel: 'warn', build: { outDir } })
  server = await preview({ root, configFile, preview: { port: 0, host: '127.0.0.1' }, build: { outDir } })
  url = server.resolvedUrls!.local[0]!
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await server.close()
  rmSync(outDir, { recursive: true })
})

const output = (page: Page) => page.locator('output').innerText()

describe('the parts', () => {
  it.each(MATRIX)('stand on a $size in $theme', async form => {
    const view = await openView(browser, url, form)
    await heading(view.page, 'Parts')
    expect(await findFaults(view, `parts-${form.size}-${form.theme}`)).toEqual([])

    await view.page.getByRole('button', { name: 'Delete', exact: true }).click()
    await view.page.getByRole('dialog', { name: 'Delete Reading lamp?' }).waitFor()
    expect(await findFaults(view, `parts-dialog-${form.size}-${form.theme}`)).toEqual([])
    await view.context.close()
  })

  it('are worked with the keyboard', async () => {
    const { page, context } = await openView(browser, url)
    await page.getByRole('button', { name: 'More for Reading lamp' }).focus()
    await page.keyboard.press('Enter')
    // The first entry takes the focus a moment after the menu stands.
    await page.locator('[role=menuitem]:focus', { hasText: 'Rename' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    expect(await output(page)).toBe('delete home')
    expect(await page.getByRole('menuitem').first().isVisible()).toBe(false)

    await page.getByRole('radio', { name: 'Home' }).focus()
    await page.keyboard.press('ArrowRight')
    expect(await output(page)).toBe('delete away')

    const rocker = page.getByRole('switch', { name: 'Reading time' })
    await rocker.press('Space')
    expect(await rocker.getAttribute('aria-checked')).toBe('false')

    const ask = page.getByRole('button', { name: 'Delete', exact: true })
    await ask.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(await page.evaluate('document.activeElement.textContent.trim()')).toBe('Delete')
    await context.close()
  })

  it('take the last thing back for six seconds, longer while somebody is at it', async () => {
    const { page, context } = await openView(browser, url)
    const save = page.getByRole('button', { name: 'Save', exact: true }).first()
    const undo = page.getByRole('button', { name: 'Undo' })
    await save.click()
    await undo.click()
    expect(await output(page)).toBe('undone home')
    expect(await undo.isVisible()).toBe(false)

    await save.click()
    await undo.focus()
    await page.clock.runFor(60_000)
    expect(await undo.isVisible()).toBe(true)
    await save.focus()
    await page.clock.runFor(6001)
    expect(await undo.isVisible()).toBe(false)
    await context.close()
  })

  it('show outside text as text, whole only when asked', async () => {
    const { page, context } = await openView(browser, url)
    expect((await page.locator('main').innerText()).length).toBeLessThan(3000)
    await page.getByRole('button', { name: 'Show all' }).click()
    expect((await page.locator('main').innerText()).length).toBeGreaterThan(10_000)
    expect(await page.locator('img').count()).toBe(0)
    await context.close()
  })
})
