import type { Change } from './change';
import type { Contents } from './plan';

/**
 * Components of the stack that run already, do not move with the track, and would change all the same. A resource belongs to
 * the component whose type leads its URN (`shop:network:Network$aws:…`), or whose key leads its name; what belongs to none
 * is nobody's.
 */
export function foreignIn(
  changes: readonly Change[],
  contents: Contents,
  moves: readonly string[],
  running: Contents,
): string[] {
  const foreign = new Set<string>();
  for (const change of changes) {
    if (change.kind === 'same') continue;
    const owner = ownerOf(change, contents);
    if (owner !== undefined && !moves.includes(owner) && running[owner] !== undefined) foreign.add(owner);
  }
  return [...foreign].sort();
}

function ownerOf({ urn, name }: Change, contents: Contents): string | undefined {
  const [top = ''] = (urn.split('::')[2] ?? '').split('$').filter((type) => type !== 'pulumi:pulumi:Stack');
  const byType = Object.keys(contents).filter((key) => contents[key]?.component === top.split(':')[1]);
  const byName = Object.keys(contents)
    .filter((key) => name === key || name.startsWith(`${key}-`))
    .sort((a, b) => b.length - a.length);
  if (byType.length === 1) return byType[0];
  return byName.find((key) => byType.length === 0 || byType.includes(key));
}
