import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium, type Browser, type Page } from 'playwright-core'

const WHOLE = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
/** The same engine without a window of its own: a page opens in less than half the time. */
const SHELL = '/usr/bin/chromium-headless-shell'
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/**
 * The machine's own Chromium, its headless shell where there is one; `whole` is the browser that people have. The flags let
 * it run as root and in small containers.
 */
export async function launchChromium({ whole = false } = {}): Promise<Browser> {
  const places = whole ? WHOLE : [SHELL, ...WHOLE]
  const executablePath = places.find(place => existsSync(place))
  if (!executablePath) throw new Error(`no Chromium in ${WHOLE.join(', ')}: apt-get install chromium fonts-liberation`)
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
