export {
  children,
  pathOf,
  walk,
  type Argument,
  type ArithmeticOp,
  type CompareOp,
  type ExpressionFault,
  type ExpressionMode,
  type Node,
  type Span,
} from './ast.ts'
export { compile, type Compiled } from './compile.ts'
export { createContext, type Context, type Environment, type LocalMoment, type ResolvedName } from './environment.ts'
export { BudgetFault, ValueFault, type FunctionSpec, type FunctionTable } from './functions/spec.ts'
export { inferType, type Inferred } from './infer.ts'
export { parse, type Parsed } from './parser.ts'
export { didYouMean, suggest } from './suggest.ts'
export { isTemplate, parseTemplate, type ParsedTemplate, type TemplatePart } from './template.ts'
export {
  ANY,
  BOOL,
  comparable,
  DATE,
  DURATION,
  INSTANT,
  join,
  MAP,
  NONE,
  NUMBER,
  TEXT,
  TIME,
  typeText,
  type Type,
} from './types.ts'
export {
  CalendarDay,
  Duration,
  Instant,
  isList,
  isMap,
  kindOf,
  Range,
  sameResult,
  Thing,
  TimeOfDay,
  toJson,
  toText,
  UNKNOWN,
  type Result,
  type Unknown,
} from './values.ts'
