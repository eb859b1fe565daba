import { bounded, filters, type Args } from './filters.ts'
import { isPyMap, pyText, RenderFault, UNDEFINED, type Py } from './python.ts'

type Method = (object: Py, args: Args) => Py

function onMap(name: string, of: (map: Readonly<Record<string, Py>>, args: Args) => Py): Method {
  return (object, args) => {
    if (!isPyMap(object)) throw new RenderFault(`only a map has .${name}()`)
    return of(object, args)
  }
}

function onText(name: string, of: (text: string, args: Args) => Py): Method {
  return (object, args) => {
    if (typeof object !== 'string') throw new RenderFault(`only a text has .${name}()`)
    return of(object, args)
  }
}

function split(text: string, args: Args): Py {
  const by = args.at[0]
  return by === undefined || by === null ? text.trim().split(/\s+/) : text.split(pyText(by))
}

/** Methods of texts and maps that firmware calls. */
export const methods: ReadonlyMap<string, Method> = new Map<string, Method>([
  [
    'get',
    onMap('get', (map, args) => {
      const key = pyText(args.at[0] ?? UNDEFINED)
      return Object.hasOwn(map, key) ? map[key]! : (args.at[1] ?? null)
    }),
  ],
  ['keys', onMap('keys', map => Object.keys(map))],
  ['values', onMap('values', map => Object.values(map))],
  ['items', onMap('items', map => Object.entries(map))],
  ['split', onText('split', split)],
  ['lower', onText('lower', text => text.toLowerCase())],
  ['upper', onText('upper', text => text.toUpperCase())],
  ['strip', onText('strip', text => text.trim())],
  ['title', (object, args) => filters.get('title')!(object, args)],
  ['replace', (object, args) => filters.get('replace')!(object, args)],
  ['startswith', onText('startswith', (text, args) => text.startsWith(pyText(args.at[0] ?? UNDEFINED)))],
  ['endswith', onText('endswith', (text, args) => text.endsWith(pyText(args.at[0] ?? UNDEFINED)))],
  [
    'join',
    onText('join', (text, args) =>
      bounded(pyText(filters.get('join')!(args.at[0] ?? UNDEFINED, { at: [text], named: args.named }))),
    ),
  ],
])

export function callMethod(object: Py, name: string, args: Args): Py {
  return methods.get(name)!(object, args)
}
