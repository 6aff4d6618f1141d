/** Where something is written. Lines and columns count from 1; `length` stays within the line. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** A YAML value that knows where it is written and what it overrode, nearest first. */
export type Tree = Leaf | List | Branch;

interface Placed {
  readonly place: Place;
  readonly overrode?: readonly Tree[];
}

export interface Leaf extends Placed {
  readonly kind: 'leaf';
  readonly value: null | boolean | number | string;
  /** As written, without quotes. */
  readonly source: string;
}

export interface List extends Placed {
  readonly kind: 'list';
  readonly items: readonly Tree[];
}

export interface Branch extends Placed {
  readonly kind: 'branch';
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Entry {
  /** Where the key is written. */
  readonly key: Place;
  readonly value: Tree;
}

export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain };

/** The value without places. Keys named `__proto__` never get this far: parsing refuses them. */
export function plain(tree: Tree): Plain {
  switch (tree.kind) {
    case 'leaf':
      return tree.value;
    case 'list':
      return tree.items.map(plain);
    case 'branch': {
      const value: { [key: string]: Plain } = {};
      for (const [key, entry] of tree.entries) value[key] = plain(entry.value);
      return value;
    }
  }
}

/** One step down: by key, or by index in a list. */
export function step(tree: Tree | undefined, key: string | number): Tree | undefined {
  if (tree?.kind === 'branch') return tree.entries.get(String(key))?.value;
  if (tree?.kind !== 'list') return undefined;
  return /^\d{1,9}$/.test(String(key)) ? tree.items[Number(key)] : undefined;
}

export function at(tree: Tree | undefined, ...path: readonly (string | number)[]): Tree | undefined {
  return path.reduce<Tree | undefined>(step, tree);
}

/** The text at a path; undefined where there is none or something else stands there. */
export function textAt(tree: Tree | undefined, ...path: readonly (string | number)[]): string | undefined {
  const found = at(tree, ...path);
  return found?.kind === 'leaf' && typeof found.value === 'string' ? found.value : undefined;
}

export function entriesAt(
  tree: Tree | undefined,
  ...path: readonly (string | number)[]
): readonly (readonly [string, Entry])[] {
  const found = at(tree, ...path);
  return found?.kind === 'branch' ? [...found.entries] : [];
}

export function itemsAt(tree: Tree | undefined, ...path: readonly (string | number)[]): readonly Tree[] {
  const found = at(tree, ...path);
  return found?.kind === 'list' ? found.items : [];
}

/** Where the key of an entry is written, or else the tree itself. */
export function keyPlace(tree: Tree, key: string): Place {
  return (tree.kind === 'branch' ? tree.entries.get(key)?.key : undefined) ?? tree.place;
}

export type Text = Leaf & { readonly value: string };

export function isText(tree: Tree): tree is Text {
  return tree.kind === 'leaf' && typeof tree.value === 'string';
}

/** The start of a file, for what has no better place. */
export const startOf = (file: string): Place => ({ file, line: 1, column: 1, length: 1 });
