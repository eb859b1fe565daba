import { tick, type Component } from 'svelte'

export interface Route {
  /** `/devices/:id`; what stands for `:id` is in `router.params`. */
  readonly path: string
  readonly load: () => Promise<{ default: Component }>
  /** Shown without the shell, also to somebody who is not signed in. */
  readonly isOutside?: boolean
}

type Params = Readonly<Record<string, string>>

/** The route of a path and the values of its `:name` parts. */
export function match<R extends Pick<Route, 'path'>>(
  routes: readonly R[],
  path: string,
): { route: R; params: Params } | undefined {
  const parts = path.split('/').filter(Boolean)
  for (const route of routes) {
    const wanted = route.path.split('/').filter(Boolean)
    if (wanted.length !== parts.length) continue
    const params: Record<string, string> = {}
    const fits = wanted.every((part, index) => {
      const given = decode(parts[index] ?? '')
      if (!part.startsWith(':')) return part === given
      params[part.slice(1)] = given
      return true
    })
    if (fits) return { route, params }
  }
  return undefined
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** Pages by address: real URLs, lazy code, filters in the query; after a step the title has the focus and the top is in view. */
export class Router {
  readonly #routes: readonly Route[]
  #step = 0
  #guard: ((leave: () => void) => void) | null = null
  /** The page in view; null in front of the first, and when none fits or its code did not come. */
  page = $state.raw<Component | null>(null)
  route = $state.raw<Route | null>(null)
  /** Changes with each page, not with its query. */
  path = $state('')
  params = $state.raw<Params>({})
  query = $state.raw(new URLSearchParams())
  /** `missing`: no page has this address. `failed`: its code did not come. */
  state = $state<'loading' | 'shown' | 'missing' | 'failed'>('loading')

  constructor(routes: readonly Route[]) {
    this.#routes = routes
  }

  /** Shows the page of the address bar, and follows links, back and forward. */
  start(): Promise<void> {
    history.scrollRestoration = 'manual'
    addEventListener('popstate', () => this.#onStep())
    addEventListener('click', event => this.#onClick(event))
    return this.#show(null)
  }

  /** Goes to an address of these pages; `replace` leaves no step to come back to. */
  async go(to: string, { replace = false } = {}): Promise<void> {
    const url = new URL(to, location.href)
    if (this.#guard && url.pathname !== this.path) return this.#guard(() => void this.#leave(url))
    history.replaceState({ scroll: scrollY }, '')
    if (replace || url.href === location.href) history.replaceState(null, '', url)
    else history.pushState(null, '', url)
    await this.#show(0)
  }

  /** Whether the page in view is the one that the window was opened with: no link of these pages led to it. */
  get isFirst(): boolean {
    return this.#step === 1
  }

  /** Sets parts of the query (null removes one) without leaving the page. */
  setQuery(changes: Readonly<Record<string, string | null>>): void {
    const url = new URL(location.href)
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) url.searchParams.delete(name)
      else url.searchParams.set(name, value)
    }
    history.replaceState(history.state, '', url)
    this.query = url.searchParams
  }

  /** While a page holds what would be lost, its guard is asked; it calls `leave` to go on. @returns how to stop. */
  guard(ask: (leave: () => void) => void): () => void {
    this.#guard = ask
    return () => {
      if (this.#guard === ask) this.#guard = null
    }
  }

  async #leave(to: URL): Promise<void> {
    this.#guard = null
    await this.go(to.href)
  }

  #onStep(): void {
    const url = new URL(location.href)
    if (url.hash !== '' && this.#isHere(url)) return
    if (!this.#guard || url.pathname === this.path) return void this.#show(scrollOf(history.state))
    // The browser has gone already: the page in view gets its address back until its guard lets go.
    history.pushState(null, '', this.path + (this.query.size > 0 ? `?${this.query.toString()}` : ''))
    this.#guard(() => void this.#leave(url))
  }

  /** @param scroll where to scroll to; null at the first page, which also leaves the focus alone. */
  async #show(scroll: number | null): Promise<void> {
    const step = ++this.#step
    const { pathname, search } = location
    const query = new URLSearchParams(search)
    if (this.path === pathname && this.state === 'shown') {
      this.query = query
      if (scroll !== null) scrollTo(0, scroll)
      return
    }
    const found = match(this.#routes, pathname)
    let page: Component | null = null
    let state: Router['state'] = found ? 'shown' : 'missing'
    try {
      if (found) page = (await found.route.load()).default
    } catch {
      state = 'failed'
    }
    // Somebody went on while the code was on its way.
    if (step !== this.#step) return
    this.page = page
    this.route = found?.route ?? null
    this.path = pathname
    this.params = found?.params ?? {}
    this.query = query
    this.state = state
    if (scroll === null) return
    await tick()
    scrollTo(0, scroll)
    document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true })
  }

  #isHere({ pathname, search }: Pick<URL, 'pathname' | 'search'>): boolean {
    return this.path === pathname && new URLSearchParams(search).toString() === this.query.toString()
  }

  #onClick(event: MouseEvent): void {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return
    const link = (event.target as Element).closest('a')
    if (!link || link.target !== '' || link.hasAttribute('download') || link.origin !== location.origin) return
    // A place within this page is the browser's business.
    if (link.hash !== '' && this.#isHere(link)) return
    if (!match(this.#routes, link.pathname)) return
    event.preventDefault()
    void this.go(link.href)
  }
}

const scrollOf = (state: unknown): number => {
  const { scroll } = Object(state) as { scroll?: unknown }
  return typeof scroll === 'number' ? scroll : 0
}

/** Whether `path` is the page `of` or one below it. */
export const isWithin = (of: string, path: string): boolean => path === of || (of !== '/' && path.startsWith(`${of}/`))
