type PerState<Text> = Readonly<Record<'asking' | 'starting' | 'ready' | 'unreachable', Text>>

/** Every text of the page. A language is one object of this type: what it lacks does not compile. */
export interface Words {
  readonly title: PerState<(name: string) => string>
  readonly lead: PerState<string>
  readonly stations: {
    readonly label: string
    readonly up: string
    readonly upNote: (version: string) => string
    readonly upAsking: string
    readonly silent: string
    readonly silentFor: (age: string) => string
    readonly silentAlways: string
    readonly serving: string
    readonly servingNote: string
    readonly servingWait: string
    readonly servingAhead: string
  }
  readonly repair: { readonly text: string; readonly command: string; readonly again: string }
  readonly next: {
    readonly title: string
    readonly user: string
    readonly userCommand: string
    readonly client: string
    readonly clientCommand: string
    readonly pages: string
    readonly api: string
  }
  readonly answeredAt: (at: Date) => string
  readonly house: PerState<string>
  /** A length of time in words, from milliseconds. */
  readonly age: (milliseconds: number) => string
}
