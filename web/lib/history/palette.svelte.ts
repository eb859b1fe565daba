/** Roles of the tokens that canvases draw with. */
const ROLES = ['ink', 'ink-2', 'ink-3', 'mullion', 'sunken', 'plate', 's1', 's2', 's3', 's4'] as const
const STATES = ['flame', 'sky', 'ember', 'alarm', 'hand', 'hand-tint'] as const

export type Role = (typeof ROLES)[number] | (typeof STATES)[number]
export type Colours = Readonly<Record<Role, string>>

/** The colours of the tokens as a canvas takes them: those of the theme in view, and anew when it changes. */
export class Palette {
  colours = $state.raw<Colours>(read())

  /** @returns how to stop. */
  follow(): () => void {
    const renew = () => (this.colours = read())
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    const theme = new MutationObserver(renew)
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    scheme.addEventListener('change', renew)
    return () => {
      theme.disconnect()
      scheme.removeEventListener('change', renew)
    }
  }
}

// A custom property is text; what it comes to is known of an element that is painted with it.
function read(): Colours {
  const probe = document.body.appendChild(document.createElement('i'))
  const colours = [...ROLES, ...STATES].map(role => {
    probe.style.color = `var(--${role})`
    return [role, getComputedStyle(probe).color] as const
  })
  probe.remove()
  return Object.fromEntries(colours) as Colours
}

/** A colour that lets what is below shine through. */
export const faded = (colour: string, share: number): string => colour.replace(/\)$/, ` / ${share})`)

const SERIES = ['s1', 's2', 's3', 's4'] as const
const DASHES: readonly (readonly number[])[] = [[], [7, 3], [1.5, 4], [11, 3, 2, 3]]

/** How the line at a place of its chart looks: no two of the first sixteen alike. */
export function lookOf(place: number): { role: Role; dash: readonly number[] } {
  const turn = Math.floor(place / SERIES.length)
  return { role: SERIES[place % SERIES.length]!, dash: DASHES[(place + turn) % DASHES.length]! }
}
