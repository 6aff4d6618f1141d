import type { Finding } from '../finding';
import type { Tree } from '../tree';
import { show } from '../wording';
import type { World } from '../world';
import { valuesOf } from './stacks';

/** A whole number too long for a number would be rounded silently: account ids and the like are text. */
export function* numbersAreExact(world: World): Iterable<Finding> {
  for (const { tree } of world.stacks) for (const value of valuesOf(tree)) yield* inexact(value);
}

function* inexact(tree: Tree): Iterable<Finding> {
  if (tree.kind === 'list') for (const item of tree.items) yield* inexact(item);
  else if (tree.kind === 'branch') for (const { value } of tree.entries.values()) yield* inexact(value);
  else if (typeof tree.value === 'number' && isRounded(tree.value, tree.source))
    yield {
      at: tree.place,
      message: `${show(tree)} is too long for a number`,
      remedy: `quote it: "${tree.source}"`,
    };
}

const isRounded = (value: number, source: string): boolean =>
  /^[-+]?(\d+|0x[0-9a-fA-F]+|0o[0-7]+)$/.test(source) && !Number.isSafeInteger(value);
