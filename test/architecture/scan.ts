import ts from 'typescript'
import { codeOf, type Source } from './sources.ts'

export interface Import {
  readonly target: string
  readonly line: number
  /** Erased by type stripping: nothing of it is left at run time. */
  readonly typeOnly: boolean
}

/** A function and the lines that are its own: without the functions and literals inside it, blank and comment lines. */
export interface Fn {
  readonly name: string
  readonly line: number
  readonly lines: number
}

export interface Scan {
  readonly imports: readonly Import[]
  readonly functions: readonly Fn[]
}

/** Imports (static, dynamic, re-exports, import types, `require`) and functions of one file. */
export function scan(source: Source): Scan {
  const code = codeOf(source)
  const file = ts.createSourceFile(source.path.replace(/\.svelte$/, '.ts'), code, ts.ScriptTarget.Latest, true)
  const imports: Import[] = []
  const functions: Fn[] = []
  const lines = code.split('\n')
  const lineOf = (position: number) => file.getLineAndCharacterOfPosition(position).line

  function add(node: ts.Node, target: ts.Node | undefined, typeOnly: boolean) {
    if (!target || !ts.isStringLiteralLike(target)) return
    imports.push({ target: target.text, line: lineOf(node.getStart()) + 1, typeOnly })
  }

  function visit(node: ts.Node) {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, isTypeImport(node))
    else if (ts.isExportDeclaration(node)) add(node, node.moduleSpecifier, isTypeExport(node))
    else if (ts.isImportTypeNode(node)) add(node, literalOf(node.argument), true)
    else if (ts.isCallExpression(node) && isLoad(node.expression)) add(node, node.arguments[0], false)
    else if (ts.isFunctionLike(node) && 'body' in node && node.body)
      functions.push({ name: nameOf(node), line: lineOf(node.getStart()) + 1, lines: ownLines(node, lines, lineOf) })
    ts.forEachChild(node, visit)
  }

  visit(file)
  return { imports, functions }
}

const isLoad = (callee: ts.Expression) =>
  callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')

const literalOf = (node: ts.TypeNode) => (ts.isLiteralTypeNode(node) ? node.literal : undefined)

function isTypeImport({ importClause: clause }: ts.ImportDeclaration): boolean {
  if (!clause) return false
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true
  const named = clause.namedBindings
  if (clause.name || !named || !ts.isNamedImports(named)) return false
  return named.elements.length > 0 && named.elements.every(element => element.isTypeOnly)
}

function isTypeExport({ isTypeOnly, exportClause: clause }: ts.ExportDeclaration): boolean {
  if (isTypeOnly) return true
  return !!clause && ts.isNamedExports(clause) && clause.elements.every(element => element.isTypeOnly)
}

function nameOf(node: ts.SignatureDeclaration): string {
  const named = node.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined)
  return named?.getText() ?? (ts.isConstructorDeclaration(node) ? 'constructor' : 'a function')
}

function ownLines(node: ts.Node, lines: readonly string[], lineOf: (position: number) => number): number {
  const own = new Set<number>()
  for (let line = lineOf(node.getStart()); line <= lineOf(node.getEnd()); line++) {
    const text = lines[line]?.trim() ?? ''
    if (text !== '' && !/^(\/\/|\/\*|\*)/.test(text)) own.add(line)
  }
  const leaveOut = (inner: ts.Node): void => {
    if (ts.isFunctionLike(inner) || ts.isObjectLiteralExpression(inner) || ts.isArrayLiteralExpression(inner)) {
      const last = lineOf(inner.getEnd())
      for (let line = lineOf(inner.getStart()) + 1; line <= last; line++) own.delete(line)
    } else ts.forEachChild(inner, leaveOut)
  }
  ts.forEachChild(node, leaveOut)
  return own.size
}
