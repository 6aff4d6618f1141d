import type { Place, Tree } from '../tree';
import { textAt } from '../tree';

/** A reference as written in a value: nothing is interpolated, an object with exactly these keys stands for it. */
export type Reference =
  | {
      readonly kind: 'from';
      readonly component: string;
      readonly keys: readonly string[];
      readonly place: Place;
    }
  | { readonly kind: 'secret'; readonly name: string; readonly place: Place }
  | {
      readonly kind: 'from-stack';
      readonly stack: string;
      readonly output: string;
      readonly place: Place;
      readonly outputPlace: Place;
    }
  | { readonly kind: 'malformed'; readonly place: Place; readonly message: string; readonly remedy: string };

/** Undefined where the tree is plain data. Maps with further keys beside `from` or `secret` are plain data. */
export function referenceOf(tree: Tree): Reference | undefined {
  if (tree.kind !== 'branch') return undefined;
  const { entries } = tree;
  const only = entries.size === 1;
  const stack = entries.get('fromStack');
  if (stack) {
    const name = textAt(tree, 'fromStack');
    const output = textAt(tree, 'output');
    const outputEntry = entries.get('output');
    if (name === undefined || output === undefined || !outputEntry || entries.size !== 2)
      return malformed(
        stack.key,
        'fromStack stands beside exactly one output',
        '{ fromStack: STACK, output: NAME }',
      );
    return {
      kind: 'from-stack',
      stack: name,
      output,
      place: stack.value.place,
      outputPlace: outputEntry.value.place,
    };
  }
  const from = only ? entries.get('from') : undefined;
  if (from) {
    const [component = '', ...keys] = (textAt(tree, 'from') ?? '').split('.');
    if (component === '' || keys.length === 0 || keys.includes(''))
      return malformed(
        from.value.place,
        'from names no component and output',
        'write { from: component.output }',
      );
    return { kind: 'from', component, keys, place: from.value.place };
  }
  const secret = only ? entries.get('secret') : undefined;
  if (!secret) return undefined;
  const name = textAt(tree, 'secret') ?? '';
  if (!/^[A-Za-z][A-Za-z0-9_.-]{0,99}$/.test(name))
    return malformed(secret.value.place, 'secret names no secret', 'write { secret: dbPassword }');
  return { kind: 'secret', name, place: secret.value.place };
}

const malformed = (place: Place, message: string, remedy: string): Reference => ({
  kind: 'malformed',
  place,
  message,
  remedy,
});

/** Trees never change, so what a rule found in one holds for the next rule. */
const known = new WeakMap<Tree, readonly Reference[]>();

/** Every reference in a value, in the order written. */
export function references(tree: Tree): readonly Reference[] {
  const found = known.get(tree) ?? [...walk(tree)];
  known.set(tree, found);
  return found;
}

function* walk(tree: Tree): Iterable<Reference> {
  const reference = referenceOf(tree);
  if (reference) yield reference;
  else if (tree.kind === 'list') for (const item of tree.items) yield* walk(item);
  else if (tree.kind === 'branch') for (const { value } of tree.entries.values()) yield* walk(value);
}
