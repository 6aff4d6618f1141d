import type { Entry, Place, Tree } from './tree';

/** Lays `over` on `base`: maps merge, lists and single values replace, and what is replaced stays known. */
export function merge(base: Tree, over: Tree): Tree {
  if (base === over) return over;
  if (base.kind !== 'branch' || over.kind !== 'branch') return replacing(base, over);
  const entries = new Map<string, Entry>(base.entries);
  for (const [key, entry] of over.entries) {
    const below = base.entries.get(key);
    entries.set(key, below ? { key: entry.key, value: merge(below.value, entry.value) } : entry);
  }
  return { kind: 'branch', entries, place: over.place };
}

/** The chain names each place once: a fragment reached on two ways overrides nothing the second time. */
function replacing(base: Tree, over: Tree): Tree {
  const seen = new Set([spot(over.place)]);
  const chain: Tree[] = [];
  for (const tree of [...(over.overrode ?? []), base, ...(base.overrode ?? [])]) {
    if (seen.has(spot(tree.place))) continue;
    seen.add(spot(tree.place));
    chain.push(tree);
  }
  return chain.length === 0 ? over : { ...over, overrode: chain };
}

const spot = (place: Place): string => `${place.file}:${place.line}:${place.column}`;
