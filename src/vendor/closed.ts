import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, posix } from 'node:path';
import type { Problem } from '../config/problem';
import { reasonOf } from './checked';
import { type Files, sortedPaths } from './digest';

const SOURCE = /\.(?:[cm]?ts|tsx|[cm]?js|jsx)$/;
const ENDINGS = ['', '.ts', '.tsx', '.mts', '.cts', '.d.ts', '.js', '.mjs', '.cjs', '.json'];

/**
 * A component is closed: it imports npm packages that are installed and its own folder, nothing else. `label` is the
 * folder as messages name it (`components/web`), `root` the repository whose packages count. Nothing is executed.
 */
export async function closedProblems(
  files: Files,
  context: { readonly label: string; readonly root: string },
): Promise<readonly Problem[]> {
  const { parseSync } = await import('@swc/core');
  const problems: Problem[] = [];
  for (const path of sortedPaths(files)) {
    if (!SOURCE.test(path)) continue;
    const text = Buffer.from(files.get(path)?.content ?? []).toString('utf8');
    const file = `${context.label}/${path}`;
    let program: unknown;
    try {
      // The leading `;` makes the first node begin where the file begins, whatever offset the parser counts from.
      const syntax = /ts$|tsx$/.test(path)
        ? { syntax: 'typescript' as const, tsx: path.endsWith('x'), decorators: true }
        : { syntax: 'ecmascript' as const, jsx: path.endsWith('x') };
      program = parseSync(`;${text}`, { ...syntax, target: 'es2022' });
    } catch (error) {
      problems.push({ file, message: `does not parse: ${reasonOf(error)}`, rule: 'vendor-closed' });
      continue;
    }
    const base = spanOf(program)?.start ?? 0;
    for (const found of importsIn(program)) {
      const fault = importFault(found, path, files, context.root);
      if (fault === undefined) continue;
      problems.push({
        file,
        ...position(text, found.start - base - 1, found.end - found.start),
        message: fault,
        rule: 'vendor-closed',
        remedy: 'a component imports installed npm packages and its own folder, nothing else',
      });
    }
  }
  return problems;
}

interface Import {
  /** undefined where it is not a literal. */
  readonly name: string | undefined;
  readonly typeOnly: boolean;
  readonly start: number;
  readonly end: number;
}

function importFault(found: Import, from: string, files: Files, root: string): string | undefined {
  const { name } = found;
  if (name === undefined) return 'imports something computed: what it is cannot be checked';
  const quoted = JSON.stringify(name);
  if (/^(?:file|data|https?):/i.test(name)) return `imports the URL ${quoted}`;
  if (name.startsWith('/') || /^[A-Za-z]:[\\/]/.test(name) || name.includes('\\'))
    return `imports the absolute path ${quoted}`;
  if (/^\.\.?(?:\/|$)/.test(name)) {
    const target = posix.normalize(posix.join(posix.dirname(from), name)).replace(/\/$/, '');
    if (target === '..' || target.startsWith('../'))
      return `imports ${quoted}, which leaves the component's folder`;
    return isIn(files, target) ? undefined : `imports ${quoted}, which is not in the component's folder`;
  }
  if (name.startsWith('#')) return `imports ${quoted}, an alias of somebody else's package.json`;
  if (isBuiltin(name) || found.typeOnly) return undefined;
  const packageName = /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name;
  return isInstalled(packageName, root)
    ? undefined
    : `imports the package "${packageName}", which is not installed`;
}

function isIn(files: Files, target: string): boolean {
  const plain = target === '.' ? '' : target;
  const stem = plain.replace(/\.([cm]?)js$/, '');
  const bases = [plain, stem, plain === '' ? 'index' : `${plain}/index`];
  return bases.some((base) => ENDINGS.some((ending) => files.has(`${base}${ending}`)));
}

function isInstalled(packageName: string, root: string): boolean {
  for (let folder = root; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'node_modules', packageName, 'package.json'))) return true;
    if (dirname(folder) === folder) return false;
  }
}

interface Node {
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;
const spanOf = (value: unknown): { start: number; end: number } | undefined => {
  const span = isNode(value) ? value['span'] : undefined;
  if (!isNode(span) || typeof span['start'] !== 'number' || typeof span['end'] !== 'number') return undefined;
  return { start: span['start'], end: span['end'] };
};

function* importsIn(node: unknown): Generator<Import> {
  if (Array.isArray(node)) {
    for (const item of node) yield* importsIn(item);
    return;
  }
  if (!isNode(node)) return;
  const literal = literalOf(node);
  if (literal) {
    const span = spanOf(literal.node) ?? { start: 0, end: 1 };
    const name = literal.node['type'] === 'StringLiteral' ? String(literal.node['value']) : undefined;
    yield { name, typeOnly: literal.typeOnly, ...span };
  }
  for (const [key, value] of Object.entries(node)) if (key !== 'span') yield* importsIn(value);
}

/** The node that says what is imported, where this node imports anything. */
function literalOf(node: Node): { readonly node: Node; readonly typeOnly: boolean } | undefined {
  const wrap = (value: unknown, typeOnly: boolean) => (isNode(value) ? { node: value, typeOnly } : undefined);
  switch (node['type']) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return wrap(node['source'], node['typeOnly'] === true);
    case 'TsExternalModuleReference':
      return wrap(node['expression'], false);
    case 'TsImportType':
      return wrap(node['argument'], true);
    case 'CallExpression': {
      const callee = node['callee'];
      const first: unknown = Array.isArray(node['arguments']) ? node['arguments'][0] : undefined;
      if (!isNode(callee) || !isNode(first)) return undefined;
      const isImport =
        callee['type'] === 'Import' || (callee['type'] === 'Identifier' && callee['value'] === 'require');
      return isImport ? wrap(first['expression'], false) : undefined;
    }
    default:
      return undefined;
  }
}

/** Spans count bytes; people count characters. */
function position(text: string, start: number, length: number) {
  const bytes = Buffer.from(text);
  const before = bytes.subarray(0, Math.max(0, start)).toString('utf8');
  const lineStart = before.lastIndexOf('\n') + 1;
  return {
    line: before.split('\n').length,
    column: before.length - lineStart + 1,
    length: Math.max(1, bytes.subarray(start, start + length).toString('utf8').length),
  };
}
