import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startHub, temporaryFolder, type HubProcess } from '../support/hub-process.ts'
import { collectErrors, launchChromium } from './chromium.ts'

let browser: Browser
let hub: HubProcess
const folder = temporaryFolder()
beforeAll(async () => {
  browser = await launchChromium({ whole: true })
  hub = await startHub(folder.path)
})
afterAll(async () => {
  await browser.close()
  await hub.kill()
  folder.remove()
})

// As CodeMirror adds its styles: the nonce that the page carries, on a <style> element.
const addStyle = (property: string, nonce: string) => `{
  const style = document.createElement('style')
  style.setAttribute('nonce', ${nonce})
  style.textContent = ':root { ${property}: on }'
  document.head.append(style)
  getComputedStyle(document.documentElement).getPropertyValue('${property}').trim()
}`
const nonceOf = `document.querySelector('meta[property="csp-nonce"]').nonce`

it("lets the editor's styles into the real page by its nonce, and nothing else", async () => {
  const page = await browser.newPage()
  const errors = collectErrors(page)
  await page.goto(`${hub.http}/rules`)
  expect(errors).toEqual([])

  const first = await page.evaluate<string>(nonceOf)
  expect(first).toMatch(/^[\w+/]{22}==$/)
  expect(await page.evaluate(addStyle('--with-nonce', nonceOf))).toBe('on')
  expect(await page.evaluate(addStyle('--without', `''`))).toBe('')
  expect(await page.evaluate(addStyle('--guessed', `'AAAAAAAAAAAAAAAAAAAAAA=='`))).toBe('')
  const ran = `{
    const script = document.createElement('script')
    script.setAttribute('nonce', ${nonceOf})
    script.textContent = 'window.ran = true'
    document.head.append(script)
    String(window.ran)
  }`
  expect(await page.evaluate(ran)).toBe('undefined')
  expect(errors).toHaveLength(3)
  for (const error of errors) expect(error).toMatch(/violates the following Content Security Policy directive/)

  await page.reload()
  expect(await page.evaluate(nonceOf)).not.toBe(first)
  await page.close()
})
