/** One figure with its samples; all of them have the same labels. A name that ends in `_total` only grows. */
export interface Metric {
  readonly name: string
  readonly help: string
  readonly samples: readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: number | null }[]
}

const escaped = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
const quoted = (text: string) => `"${escaped(text).replaceAll('"', '\\"')}"`

/** Writes figures in the text format 0.0.4 that Prometheus reads. What is not known is left out. */
export function metricsText(metrics: readonly Metric[]): string {
  return metrics
    .map(({ name, help, samples }) => {
      const known = samples.filter(({ value }) => value !== null)
      if (known.length === 0) return ''
      const lines = known.map(({ labels = {}, value }) => {
        const pairs = Object.entries(labels).map(([label, text]) => `${label}=${quoted(text)}`)
        return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`
      })
      const type = name.endsWith('_total') ? 'counter' : 'gauge'
      return `# HELP ${name} ${escaped(help)}\n# TYPE ${name} ${type}\n${lines.join('')}`
    })
    .join('')
}
