import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium, type Browser, type Page } from 'playwright-core'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** The machine's own Chromium; the flags let it run as root and in small containers. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = PLACES.find(place => existsSync(place))
  if (!executablePath) throw new Error(`no Chromium in ${PLACES.join(', ')}: apt-get install chromium fonts-liberation`)
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'] })
}

/** What the page said is wrong: console errors and uncaught exceptions. A refused request is no fault of the page. */
export function collectErrors(page: Page): string[] {
  const errors: string[] = []
  page.on('pageerror', error => errors.push(String(error)))
  page.on('console', message => {
    if (message.type() === 'error' && !/^(Failed to load resource|WebSocket connection to)/.test(message.text()))
      errors.push(message.text())
  })
  return errors
}

interface AxeNode {
  readonly id: string
  readonly nodes: readonly { readonly target: readonly string[] }[]
}

/** Breaches of WCAG 2.2 A and AA and of axe's best practices, as `rule: elements`. The page's own CSP stays in force. */
export async function findBarriers(page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  const { violations } = await page.evaluate<{ violations: AxeNode[] }>('axe.run()')
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
}
