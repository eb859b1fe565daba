const plural = (n: number, one: string, many: string) => (n === 1 ? `1 ${one}` : `${n} ${many}`)

/** The editor of rules. */
export const ruleEditor = {
  create: 'New rule',
  back: 'Back to the rules',
  text: 'Rule text',
  keyHelp:
    'Tab indents. Escape, then Tab leaves the text. Ctrl-Space completes, F8 goes to the next problem, Ctrl-S saves.',
  keys: {
    label: 'Keys for rules',
    colon: 'Colon',
    dash: 'List item',
    braces: 'Expression in text',
    underscore: 'Underscore',
    indent: 'Indent',
    outdent: 'Outdent',
  },
  undo: 'Undo',
  redo: 'Redo',
  save: 'Save',
  more: 'More for this rule',
  remove: 'Delete',
  changeTo: 'Change to ',
  /** What the hub proposes, as a sentence of its own. */
  suggestion: (text: string) => {
    const start = text.charAt(0).toUpperCase() + text.slice(1)
    return /[.?!]$/.test(start) ? start : `${start}.`
  },
  state: {
    reading: 'Reading…',
    saved: (version: number) => `version ${version}`,
    unsaved: 'not saved yet',
    ready: 'no problems',
    unchecked: 'Not checked',
    errors: (n: number, version: number) =>
      version === 0
        ? plural(n, 'problem', 'problems')
        : `${plural(n, 'problem', 'problems')}, version ${version} keeps running`,
    warnings: (n: number) => plural(n, 'warning', 'warnings'),
  },
  problems: 'Problems',
  next: 'Next problem',
  former: 'Former problem',
  line: (n: number) => `Line ${n}`,
  notSaved: (n: number) => `Not saved: ${plural(n, 'problem', 'problems')}. The first one is marked.`,
  many: (n: number) => plural(n, 'rule', 'rules'),
  nothingRead: 'What it does appears here as soon as it can be read.',
  saved: (version: number, old: number) =>
    old === 0
      ? `Saved as version ${version}`
      : `Saved as version ${version}. ${old === 1 ? '1 open run keeps its version.' : `${old} open runs keep their version.`}`,
  id: 'Id',
  idNote: 'Stands in addresses and in the run list. Taken from the name in the text until you write one.',
  idBad: 'Lower-case letters, digits and _, a letter first, and not “new”: this page has that address.',
  idTaken: (slug: string) => `There is a rule file ${slug} already. Choose another id.`,
  kept: 'This is your unsaved text of before.',
  discard: 'Discard it',
  loadFailed: 'The editor did not load.',
  missing: {
    title: 'No such rule',
    text: (slug: string) => `There is no rule file ${slug}. It may have been deleted.`,
    all: 'All rules',
  },
  forbidden: 'Rules are for others to write',
  readOnly: 'Your account may read rules, not change them.',
  leave: {
    title: 'Leave without saving?',
    text: 'What you wrote is not saved.',
    stay: 'Keep writing',
    go: 'Leave',
  },
  delete: {
    title: (name: string) => `Delete ${name}?`,
    text: 'It starts no more.',
    open: (n: number) => (n === 1 ? '1 run is open and is cancelled.' : `${n} runs are open and are cancelled.`),
    go: 'Delete',
    stay: 'Keep it',
    done: (name: string) => `${name} is deleted`,
  },
  conflict: {
    title: (version: number) => `Somebody saved version ${version} meanwhile`,
    gone: 'Somebody deleted this file meanwhile',
    text: 'Yours is not saved. Struck through is theirs, the other lines are yours.',
    goneText: 'Yours is not saved. Keep yours to make the file anew.',
    mine: 'Keep mine',
    theirs: 'Take theirs',
    look: 'Go on writing',
    again: 'Look at the difference',
  },
  diff: {
    label: 'Difference',
    fold: (n: number) => plural(n, 'equal line', 'equal lines'),
    old: 'Removed:',
    new: 'Added:',
    none: 'The texts are equal.',
  },
  panels: { label: 'Parts of the rule', text: 'Text', house: 'House', runs: 'Runs', versions: 'Versions' },
  house: {
    search: 'Search values',
    used: 'Named in this rule',
    others: 'In the house',
    insert: 'Insert',
    more: (n: number) => `${n} more. Search to find them.`,
    empty: 'No value fits.',
    unknown: 'not known',
  },
  versions: {
    label: 'Versions',
    one: (n: number) => `Version ${n}`,
    by: (moment: string, who: string) => `${moment}, ${who}`,
    compare: 'Compare',
    take: 'Put into the editor',
    current: 'running',
    none: 'The first version comes with the first save.',
  },
}
