import { contains, type PropertyPath, parsePath, plainPath, readPath } from './path';
import { type DiffKind, type ProviderDiff, UNKNOWN, type Wire, type WireObject } from './provider';
import { equal, hasUnknowns, isPlain, reveal, revealAll } from './wire';

export type DetailedDiff = Readonly<Record<string, { readonly kind: DiffKind; readonly inputDiff: boolean }>>;

export const NO_CHANGE: ProviderDiff = {
  changes: 'none',
  replaces: [],
  stables: [],
  deleteBeforeReplace: false,
  diffs: [],
};

/** A change that forces a new resource for a reason that is no property of the provider's. */
export function replaceBecause(key: string): ProviderDiff {
  return { ...NO_CHANGE, changes: 'some', replaces: [key] };
}

export function someChange(): ProviderDiff {
  return { ...NO_CHANGE, changes: 'some' };
}

/** Whether a changed trigger replaces the resource; an unknown one may have changed, an absent one and null are none. */
export function isTriggered(before: Wire | undefined, after: Wire | undefined): boolean {
  if (hasUnknowns(before) || hasUnknowns(after)) return true;
  const [old, fresh] = [reveal(before ?? null), reveal(after ?? null)];
  return old !== null && fresh !== null && !equal(old, fresh);
}

export function replaces(diff: ProviderDiff): boolean {
  return diff.replaces.length > 0;
}

/** What the engine finds by itself where a provider cannot say whether anything changed. */
export function compareInputs(diff: ProviderDiff, olds: WireObject, news: WireObject): ProviderDiff {
  const details: Record<string, { kind: DiffKind; inputDiff: boolean }> = {};
  const before = revealAll(olds);
  const after = revealAll(news);
  compare([], before, after, (path, kind) => {
    details[plainPath(path)] = { kind, inputDiff: true };
  });
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const diffs = [...keys].filter((key) => !same(before[key], after[key])).sort();
  if (diffs.length === 0) return { ...diff, changes: 'none' };
  return { ...diff, changes: 'some', diffs, detailedDiff: details };
}

function compare(
  path: PropertyPath,
  before: Wire | undefined,
  after: Wire | undefined,
  report: (path: PropertyPath, kind: DiffKind) => void,
): void {
  if (before === undefined && after === undefined) return;
  if (before === undefined) report(path, 'add');
  else if (after === undefined) report(path, 'delete');
  else if (isPlain(before) && isPlain(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare([...path, key], before[key], after[key], report);
    }
  } else if (Array.isArray(before) && Array.isArray(after)) {
    for (let index = 0; index < Math.max(before.length, after.length); index++) {
      compare([...path, index], before[index], after[index], report);
    }
  } else if (!same(before, after)) report(path, 'update');
}

/** An unknown value equals nothing, not even an unknown one. */
function same(before: Wire | undefined, after: Wire | undefined): boolean {
  return equal(before, after) && after !== UNKNOWN;
}

/** The diff with every change under a path of `replaceOnChanges` forcing a new resource. Throws on what is no path. */
export function applyReplaceOnChanges(
  diff: ProviderDiff,
  replaceOnChanges: readonly string[],
  hasInitErrors: boolean,
): ProviderDiff {
  if (diff.changes !== 'some' && !hasInitErrors) return diff;
  const paths = replaceOnChanges.map(readPath);
  const isWithin = (path: PropertyPath) => paths.some((covering) => contains(covering, path));
  const isCovered = (text: string): boolean => {
    const path = parsePath(text);
    return path !== undefined && isWithin(path);
  };
  const replaceKeys = [...new Set([...diff.replaces, ...diff.diffs.filter(isCovered)])];
  const details = diff.detailedDiff && { ...diff.detailedDiff };
  if (details) {
    for (const [path, detail] of Object.entries(details)) {
      if (isWithin(readPath(path))) details[path] = { ...detail, kind: asReplace(detail.kind) };
    }
  }
  const changed = { ...diff, replaces: replaceKeys, ...(details ? { detailedDiff: details } : {}) };
  if (!hasInitErrors || !isCovered('#initerror')) return changed;
  if (details) details['#initerror'] = { kind: 'update-replace', inputDiff: false };
  return { ...changed, changes: 'some', replaces: [...replaceKeys, '#initerror'] };
}

function asReplace(kind: DiffKind): DiffKind {
  switch (kind) {
    case 'add':
    case 'add-replace':
      return 'add-replace';
    case 'delete':
    case 'delete-replace':
      return 'delete-replace';
    case 'update':
    case 'update-replace':
      return 'update-replace';
  }
}

/** The diff seen from the other side: a refresh compares the world with the state, and reports state against world. */
export function invert(diff: ProviderDiff): ProviderDiff {
  if (!diff.detailedDiff) return diff;
  const details = Object.fromEntries(
    Object.entries(diff.detailedDiff).map(([path, detail]) => [
      path,
      { ...detail, kind: invertKind(detail.kind) },
    ]),
  );
  return { ...diff, detailedDiff: details };
}

function invertKind(kind: DiffKind): DiffKind {
  switch (kind) {
    case 'add':
      return 'delete';
    case 'add-replace':
      return 'delete-replace';
    case 'delete':
      return 'add';
    case 'delete-replace':
      return 'add-replace';
    case 'update':
    case 'update-replace':
      return kind;
  }
}
