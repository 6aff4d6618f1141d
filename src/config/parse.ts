import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLError,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Finding } from './finding';
import type { Branch, Entry, Leaf, Place, Tree } from './tree';
import { startOf } from './tree';
import { quote } from './wording';

export interface Parsed {
  /** Undefined where the text is no YAML map at all. */
  readonly tree?: Branch;
  readonly findings: readonly Finding[];
}

/** Deeper than anything a person writes; keeps recursion over trees safe. */
const deepest = 40;
/** Counted in the raw text, strings and comments included, so it leaves room; what it refuses is a bomb. */
const mostOpen = 400;

/** A YAML 1.2 file without anchors, aliases, tags and further documents: sharing is what `import` is for. */
export function parseYaml(file: string, text: string): Parsed {
  if (isBomb(text)) return { findings: [tooDeep(startOf(file))] };
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    // The reader finds them itself: the parser compares every key with every other.
    uniqueKeys: false,
    logLevel: 'error',
  });
  const reader = new Reader(file, text, lines);
  const findings = syntaxErrors([...document.errors, ...document.warnings], reader);
  if (findings.length > 0) return { findings };
  const root: unknown = document.contents;
  if (!isMap(root)) {
    const message = root === null ? 'the file is empty' : 'the file does not hold a map of keys';
    return { findings: [{ at: startOf(file), message }] };
  }
  const tree = reader.tree(root, startOf(file), 0);
  // A file with something refused in it would only be missed in other places: its problems are told alone.
  const isWhole = tree?.kind === 'branch' && reader.findings.length === 0;
  return isWhole ? { tree, findings: [] } : { findings: reader.findings };
}

/** The first syntax error only, as the ones after it are mostly its echo. */
function syntaxErrors(errors: readonly YAMLError[], reader: Reader): readonly Finding[] {
  return errors.slice(0, 1).map((error) => {
    const at = reader.place(error.pos[0], error.pos[1]);
    if (error.code === 'TAG_RESOLVE_FAILED') return { at, ...noTags };
    if (error.code === 'TAB_AS_INDENT')
      return { at, message: 'a tab indents this line', remedy: 'use spaces' };
    if (error.code === 'MULTIPLE_DOCS')
      return { at, message: 'a second document starts here', remedy: 'write one document a file' };
    return { at, message: `this is not YAML: ${sentence(error.message)}` };
  });
}

const sentence = (text: string): string => {
  const line = text.split('\n')[0] ?? text;
  return (line.charAt(0).toLowerCase() + line.slice(1)).replace(/[.:]+$/, '');
};

class Reader {
  readonly findings: Finding[] = [];

  constructor(
    private readonly file: string,
    private readonly text: string,
    private readonly lines: LineCounter,
  ) {}

  place(start: number, end: number): Place {
    const { line, col } = this.lines.linePos(Math.min(start, this.text.length));
    const newline = this.text.indexOf('\n', start);
    const last = Math.min(end, newline < 0 ? this.text.length : newline);
    const length = this.text.slice(start, last).trimEnd().length;
    return {
      file: this.file,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      length: Math.max(length, 1),
    };
  }

  /** Undefined where something that is refused stands; the finding says what. */
  tree(node: unknown, fallback: Place, depth: number): Tree | undefined {
    if (node === null || node === undefined) return leaf(null, '', fallback);
    const place = this.placeOf(node, fallback);
    if (depth > deepest) return this.refuse(tooDeep(place));
    if (isAlias(node)) return this.refuse({ at: place, message: 'aliases are not read', remedy: useImport });
    if (hasAnchor(node))
      this.findings.push({ at: this.before(node, '&'), message: 'anchors are not read', remedy: useImport });
    if (hasTag(node)) this.findings.push({ at: this.before(node, '!'), ...noTags });
    if (isMap(node)) return this.branch(node.items, place, depth);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.tree(item, place, depth + 1));
      return { kind: 'list', items: items.filter((item) => item !== undefined), place };
    }
    if (!isScalar(node)) return this.refuse({ at: place, message: 'this cannot be read' });
    const { value } = node;
    const source = node.source ?? String(value);
    if (value === null) return leaf(null, source, source === '' ? fallback : place);
    if (typeof value === 'number' && !Number.isFinite(value))
      return this.refuse({ at: place, message: `${source} is not a finite number` });
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return leaf(value, source, place);
    return this.refuse({ at: place, message: 'this cannot be read' });
  }

  private branch(items: readonly Pair<unknown, unknown>[], place: Place, depth: number): Tree {
    const entries = new Map<string, Entry>();
    for (const { key, value } of items) {
      const at = this.placeOf(key, place);
      if (!isScalar(key) || key.value === null || key.value === '') {
        this.findings.push({ at, message: 'a key must be text' });
        continue;
      }
      const name = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
      if (name === '__proto__' || name === '<<') {
        this.findings.push({ at, message: `${quote(name)} cannot be a key` });
        continue;
      }
      if (entries.has(name)) {
        this.findings.push({ at, message: `${quote(name)} is written twice` });
        continue;
      }
      const tree = this.tree(value, at, depth + 1);
      if (tree) entries.set(name, { key: at, value: tree });
    }
    return { kind: 'branch', entries, place };
  }

  private placeOf(node: unknown, fallback: Place): Place {
    const range = isMap(node) || isSeq(node) || isScalar(node) || isAlias(node) ? node.range : undefined;
    return range ? this.place(range[0], range[1]) : fallback;
  }

  /** An anchor or a tag stands before what it belongs to, which alone has a range. */
  private before(node: Valued, sign: '&' | '!'): Place {
    const value = node.range?.[0] ?? 0;
    const start = this.text.lastIndexOf(sign, Math.max(0, value - 1));
    const end =
      start < 0 ? value : start + (/^\S*/.exec(this.text.slice(start, start + 80))?.[0].length ?? 1);
    return this.place(start < 0 ? value : start, end);
  }

  private refuse(finding: Finding): undefined {
    this.findings.push(finding);
    return undefined;
  }
}

const noTags = { message: 'tags are not read', remedy: 'leave it out' };
const useImport = 'write it out, or share it through import:';
const leaf = (value: Leaf['value'], source: string, place: Place): Leaf => ({
  kind: 'leaf',
  value,
  source,
  place,
});
const tooDeep = (at: Place): Finding => ({ at, message: `this is nested more than ${deepest} deep` });

type Valued = Scalar | YAMLMap | YAMLSeq;
const isValued = (node: unknown): node is Valued => isMap(node) || isSeq(node) || isScalar(node);
const hasAnchor = (node: unknown): node is Valued => isValued(node) && node.anchor !== undefined;
const hasTag = (node: unknown): node is Valued => isValued(node) && node.tag !== undefined;

/** Whether reading it would take the parser deeper than its own calls go. */
export const isBomb = (text: string): boolean => nesting(text) > mostOpen;

/** An upper bound by counting brackets and `- ` runs, so that the parser's recursion never meets a bomb. */
function nesting(text: string): number {
  let depth = 0;
  let most = 0;
  for (const line of text.split('\n')) {
    const dashes = /^[ ]*((?:[-?:] +)+)/.exec(line)?.[1];
    if (dashes) most = Math.max(most, dashes.replace(/ +/g, '').length);
    for (const character of line.match(/[[\]{}]/g) ?? []) {
      depth = character === '[' || character === '{' ? depth + 1 : Math.max(0, depth - 1);
      most = Math.max(most, depth);
    }
  }
  return most;
}
