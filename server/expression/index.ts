export { children, pathOf, walk } from './ast.ts'
export type { Argument, ArithmeticOp, CompareOp, ExpressionFault, ExpressionMode, Node, Span } from './ast.ts'
export { compile, type Compiled } from './compile.ts'
export { createContext, type Context, type Environment, type LocalMoment, type ResolvedName } from './environment.ts'
export { inferType, type Inferred } from './infer.ts'
export { parse, type Parsed } from './parser.ts'
export { didYouMean, meant, suggest, type Advice, type Suggestion } from './suggest.ts'
export { testNames } from './tests.ts'
export { clockNames } from './clock-names.ts'
export { functionNames } from './functions/index.ts'
export { parseTemplate, type ParsedTemplate, type TemplatePart } from './template.ts'
export { ANY, BOOL, NUMBER, TEXT, type Type } from './types.ts'
export {
  CalendarDay,
  Duration,
  Instant,
  isList,
  isMap,
  Range,
  Thing,
  TimeOfDay,
  toJson,
  toText,
  UNKNOWN,
  type Result,
  type Unknown,
} from './values.ts'
