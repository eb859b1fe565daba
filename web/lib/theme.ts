/** By day, by night, or as the device has it. Kept in this browser alone. */
export type Theme = 'system' | 'light' | 'dark'

const KEY = 'hob.theme'

/** What was chosen in this browser. */
export function keptTheme(): Theme {
  const kept = readKept()
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}

function readKept(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    // A browser may keep nothing for this address.
    return null
  }
}

/** Shows the pages so. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}

/** Shows the pages so, from now on. @returns whether the browser keeps it. */
export function chooseTheme(theme: Theme): boolean {
  applyTheme(theme)
  try {
    localStorage.setItem(KEY, theme)
    return true
  } catch {
    return false
  }
}
