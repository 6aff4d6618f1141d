import type { z } from 'zod';
import { nearest } from '../core/nearest';
import type { Finding } from './finding';
import { didYouMean } from './suggest';
import { keyPlace, type Place, plain, step, type Tree } from './tree';
import { either, quote, show } from './wording';

export type Shaped<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** Reads a tree as the written form; every issue is tied to the place its key or value is written at. */
export function shape<Schema extends z.ZodType>(schema: Schema, tree: Tree): Shaped<z.output<Schema>> {
  const result = schema.safeParse(plain(tree), { reportInput: false });
  if (result.success) return { ok: true, value: result.data };
  const { issues } = result.error;
  const slips = misspelt(issues);
  const told = issues.filter((issue) => !slips.has(written(issue.path)) || walk(tree, issue.path).node);
  return { ok: false, findings: told.flatMap((issue) => findingsOf(issue, [], tree)) };
}

/** Paths of the keys that unknown ones were meant to be: to call those missing as well says it twice. */
function misspelt(issues: readonly Issue[]): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    for (const key of issue.keys) {
      const meant = nearest(key, issue.message.split(','));
      if (meant !== undefined) paths.add(written([...issue.path, meant]));
    }
  }
  return paths;
}

const written = (path: Path): string => JSON.stringify(path.map(String));

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

function findingsOf(issue: Issue, above: Path, root: Tree): readonly Finding[] {
  const path = [...above, ...issue.path];
  const { node, parent, last } = walk(root, path);
  if (issue.code === 'unrecognized_keys' && node) return unknownKeys(issue, node);
  if (issue.code === 'invalid_key') return [invalidKey(issue, parent ?? root, last)];
  if (!node) return [{ at: headOf(root, path), message: `${quote(last)} is missing` }];
  if (issue.code === 'invalid_union' && !issue.message.startsWith('!'))
    return unionFindings(issue, path, root, node);
  return [{ at: node.place, ...wordsFor(issue, node) }];
}

/** Down the path as far as there is something written. */
function walk(root: Tree, path: Path) {
  let node: Tree | undefined = root;
  let parent: Tree | undefined;
  for (const key of path) {
    parent = node ?? parent;
    node = step(node, typeof key === 'number' ? key : String(key));
  }
  return { node, parent, last: String(path[path.length - 1] ?? '') };
}

/** For what is missing: the nearest key above it that is written, or the item of a list, or the file's start. */
function headOf(root: Tree, path: Path): Place {
  let node: Tree = root;
  let head = root.place;
  for (const key of path) {
    const next = step(node, typeof key === 'number' ? key : String(key));
    if (!next) return head;
    head = node.kind === 'branch' ? keyPlace(node, String(key)) : next.place;
    node = next;
  }
  return head;
}

function unknownKeys(issue: z.core.$ZodIssueUnrecognizedKeys, node: Tree): readonly Finding[] {
  const known = issue.message.split(',');
  return issue.keys.map((key) => ({
    at: keyPlace(node, key),
    message: `${quote(key)} is not a key here`,
    remedy: didYouMean(key, known, 'keys'),
  }));
}

function invalidKey(issue: z.core.$ZodIssueInvalidKey, parent: Tree, key: string): Finding {
  const first = issue.issues[0];
  const said = first && spoken(first.message);
  return { at: keyPlace(parent, key), ...(said ?? { message: `${quote(key)} cannot be a key here` }) };
}

/** The branch of a union the writer meant: the one whose outer form fits what is written. */
function unionFindings(
  issue: z.core.$ZodIssueInvalidUnion,
  path: Path,
  root: Tree,
  node: Tree,
): readonly Finding[] {
  const isOuter = (inner: Issue) => inner.path.length === 0 && inner.code === 'invalid_type';
  const meant = issue.errors.filter((errors) => !errors.some(isOuter));
  const inner = node.kind === 'branch' ? meant.at(-1) : undefined;
  if (inner) return inner.flatMap((each) => findingsOf(each, path, root));
  const options = issue.errors.flat().flatMap((each) => (each.code === 'invalid_value' ? each.values : []));
  if (options.length > 0 && node.kind !== 'branch')
    return [{ at: node.place, ...notOneOf(node, options.map(String)) }];
  const kinds = issue.errors.flat().flatMap((each) => (isOuter(each) ? [kindWords(each)] : []));
  return [{ at: node.place, message: `${show(node)} is not ${either([...new Set(kinds)])}` }];
}

function wordsFor(issue: Issue, node: Tree): Omit<Finding, 'at'> {
  const said = spoken(issue.message);
  if (said && !isUnquoted(issue, node)) return said;
  switch (issue.code) {
    case 'invalid_type':
      if (isUnquoted(issue, node))
        return {
          message: `${show(node)} is ${typeof plain(node) === 'number' ? 'a number' : 'true or false'}, not text`,
          remedy: `quote it: "${node.kind === 'leaf' ? node.source : ''}"`,
        };
      return { message: `${show(node)} is not ${kindWords(issue)}` };
    case 'invalid_value':
      return notOneOf(node, issue.values.map(String));
    case 'too_small':
      return tooSmall(issue, node);
    case 'too_big':
      return tooBig(issue, node);
    default:
      return { message: `${show(node)} does not fit here` };
  }
}

/** A message of a schema that stands on its own. */
function spoken(message: string): { readonly message: string; readonly remedy?: string } | undefined {
  if (!message.startsWith('!')) return undefined;
  const [sentence = '', remedy] = message.slice(1).split('\n');
  return remedy === undefined ? { message: sentence } : { message: sentence, remedy };
}

/** Text that YAML read as a number or boolean for want of quotes, such as the commit `1e10`. */
function isUnquoted(issue: Issue, node: Tree): boolean {
  const wantsText =
    issue.code === 'invalid_type' && issue.expected === 'string' && !issue.message.startsWith('!');
  return wantsText && node.kind === 'leaf' && ['number', 'boolean'].includes(typeof node.value);
}

function notOneOf(node: Tree, options: readonly string[]): Omit<Finding, 'at'> {
  const word = node.kind === 'leaf' && typeof node.value === 'string' ? node.value : '';
  const near = didYouMean(word, options);
  return { message: `${show(node)} is not ${either(options)}`, ...(near ? { remedy: near } : {}) };
}

function kindWords(issue: Issue): string {
  const expected = issue.code === 'invalid_type' ? issue.expected : 'this';
  const words: Readonly<Record<string, string>> = {
    string: 'text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    tuple: 'a list',
    object: 'a map',
    record: 'a map',
  };
  return words[expected] ?? expected;
}

function tooSmall(issue: z.core.$ZodIssueTooSmall, node: Tree): Omit<Finding, 'at'> {
  if (issue.origin === 'array')
    return { message: 'the list is too short', remedy: `at least ${issue.minimum}` };
  if (issue.origin === 'string') return { message: 'the text is empty' };
  return {
    message: `${show(node)} is too small`,
    remedy: `${bound(issue.inclusive, 'at least', 'more than')} ${issue.minimum}`,
  };
}

function tooBig(issue: z.core.$ZodIssueTooBig, node: Tree): Omit<Finding, 'at'> {
  if (issue.origin === 'array')
    return { message: 'the list is too long', remedy: `at most ${issue.maximum}` };
  if (issue.origin === 'string')
    return { message: 'the text is too long', remedy: `at most ${issue.maximum} characters` };
  return {
    message: `${show(node)} is too big`,
    remedy: `${bound(issue.inclusive, 'at most', 'less than')} ${issue.maximum}`,
  };
}

const bound = (isInclusive: boolean | undefined, within: string, beyond: string): string =>
  isInclusive === false ? beyond : within;
