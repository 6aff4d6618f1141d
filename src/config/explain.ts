import type { Sources } from './load';
import { didYouMean } from './suggest';
import { type Place, type Plain, plain, step, type Tree } from './tree';
import { quote } from './wording';

/** A value and where it is written. */
export interface Origin {
  readonly value: Plain;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export interface Explained extends Origin {
  /** The path in full: `components.web.inputs.replicas`. */
  readonly path: string;
  /** What it overrode, nearest first. */
  readonly overrode: readonly Origin[];
}

export type Explanation =
  | { readonly ok: true; readonly stack: string; readonly values: readonly Explained[] }
  | {
      readonly ok: false;
      readonly missing: 'stack' | 'value';
      readonly message: string;
      readonly remedy?: string;
    };

export interface Question {
  readonly stack: string;
  /** `components.web.replicas`, `components.web.inputs.replicas`, `labels.region`, `checks.0`; default: everything. */
  readonly value?: string;
}

/** Which file and line every value of a stack comes from. A map is answered leaf by leaf. */
export function explain(sources: Sources, { stack, value }: Question): Explanation {
  const tree = sources.stacks.get(stack);
  if (!tree)
    return missing(
      'stack',
      `${quote(stack)} is not a stack`,
      didYouMean(stack, sources.stacks.keys(), 'stacks'),
    );
  const path = value === undefined ? [] : value.replace(/\[(\d+)\]/g, '.$1').split('.');
  const found = find(tree, path) ?? inherited(tree, path);
  if (found) return { ok: true, stack, values: [...leaves(found.tree, found.path)] };
  return unset(tree, stack, path);
}

interface Found {
  readonly tree: Tree;
  readonly path: readonly string[];
}

/** Keys may hold dots, so the longest key that fits is tried first. */
function find(tree: Tree, path: readonly string[], walked: readonly string[] = []): Found | undefined {
  if (path.length === 0) return { tree, path: walked };
  for (let taken = path.length; taken > 0; taken--) {
    const key = path.slice(0, taken).join('.');
    const next = step(tree, key);
    const found = next && find(next, path.slice(taken), [...walked, key]);
    if (found) return found;
  }
  // The short form leaves `inputs` out.
  const inputs = walked.length === 2 && walked[0] === 'components' ? step(tree, 'inputs') : undefined;
  return inputs && find(inputs, path, [...walked, 'inputs']);
}

/** A component without a track of its own follows its stack's. */
function inherited(tree: Tree, path: readonly string[]): Found | undefined {
  const [first, name = '', last] = path;
  const isTrack =
    path.length === 3 && first === 'components' && last === 'track' && find(tree, [first, name]);
  const track = isTrack ? step(tree, 'track') : undefined;
  return track && { tree: track, path: ['track'] };
}

/** Lists and empty maps replace as a whole, so they are told as a whole. */
function* leaves(tree: Tree, path: readonly string[]): Iterable<Explained> {
  if (tree.kind === 'branch' && tree.entries.size > 0) {
    for (const [key, { value }] of tree.entries) yield* leaves(value, [...path, key]);
    return;
  }
  const overrode = (tree.overrode ?? []).map((below) => origin(below.place, plain(below)));
  yield { path: path.join('.'), ...origin(tree.place, plain(tree)), overrode };
}

const origin = ({ file, line, column }: Place, value: Plain): Origin => ({ value, file, line, column });

function unset(tree: Tree, stack: string, path: readonly string[]): Explanation {
  let depth = path.length - 1;
  while (depth > 0 && !find(tree, path.slice(0, depth))) depth--;
  const holder = depth > 0 ? find(tree, path.slice(0, depth))?.tree : tree;
  const inputs = holder && step(holder, 'inputs');
  const known = [holder, inputs].flatMap((each) => (each?.kind === 'branch' ? [...each.entries.keys()] : []));
  const key = path[depth] ?? '';
  return missing(
    'value',
    `stack ${stack} sets no ${quote(path.join('.'))}`,
    didYouMean(key, known, 'it sets'),
  );
}

function missing(what: 'stack' | 'value', message: string, remedy: string | undefined): Explanation {
  return { ok: false, missing: what, message, ...(remedy === undefined ? {} : { remedy }) };
}
