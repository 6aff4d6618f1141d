import { contains, formatPath, type PropertyPath, parsePath } from '../embedded/path';
import { type DiffKind, type ProviderDiff, UNKNOWN, type Wire, type WireObject } from '../embedded/provider';
import { equal, isPlain, reveal } from '../embedded/wire';

/** Lists whose order AWS does not keep. */
const SETS: ReadonlySet<string> = new Set([
  'cidrBlocks',
  'managedPolicyArns',
  'securityGroupIds',
  'securityGroups',
  'sourceSecurityGroupIds',
  'subnetIds',
  'subnets',
  'subjectAlternativeNames',
  'vpcSecurityGroupIds',
]);

export interface Comparison {
  readonly olds: WireObject;
  readonly news: WireObject;
  /** Paths that force a new resource; `[*]` stands for any index. */
  readonly replace: readonly string[];
  readonly ignoreChanges: readonly string[];
  /** Whether a new resource could not live beside the old one. */
  readonly isExclusive: boolean;
}

interface Change {
  readonly path: PropertyPath;
  readonly kind: 'add' | 'delete' | 'update';
}

/** Input by input, down to the leaves. Secrets are compared by what is in them; an unknown value is a change. */
export function compare({ olds, news, replace, ignoreChanges, isExclusive }: Comparison): ProviderDiff {
  const changes: Change[] = [];
  walkObject([], olds, news, changes);
  const ignored = paths(ignoreChanges);
  const forcing = paths(replace);
  const kept = changes.filter(({ path }) => !ignored.some((each) => contains(each, path)));
  const detailedDiff: Record<string, { kind: DiffKind; inputDiff: boolean }> = {};
  const replaces: string[] = [];
  for (const { path, kind } of kept) {
    const isForced = forcing.some(
      (each) => contains(each, path) || (kind !== 'update' && contains(path, each)),
    );
    const text = formatPath(path);
    detailedDiff[text] = { kind: isForced ? `${kind}-replace` : kind, inputDiff: true };
    if (isForced) replaces.push(text);
  }
  return {
    changes: kept.length > 0 ? 'some' : 'none',
    replaces,
    stables: [],
    deleteBeforeReplace: replaces.length > 0 && isExclusive,
    diffs: [...new Set(kept.map(({ path }) => String(path[0])))],
    ...(kept.length > 0 ? { detailedDiff } : {}),
  };
}

function paths(texts: readonly string[]): PropertyPath[] {
  return texts.map(parsePath).filter((path) => path !== undefined);
}

function walk(path: PropertyPath, before: Wire | undefined, after: Wire | undefined, into: Change[]): void {
  const old = before === undefined || before === null ? undefined : opened(before);
  const fresh = after === undefined || after === null ? undefined : opened(after);
  if (old === undefined && fresh === undefined) return;
  if (old === undefined) into.push({ path, kind: 'add' });
  else if (fresh === undefined) into.push({ path, kind: 'delete' });
  else if (isPlain(old) && isPlain(fresh)) walkObject(path, old, fresh, into);
  else if (Array.isArray(old) && Array.isArray(fresh)) walkList(path, old, fresh, into);
  else if (!isSame(old, fresh)) into.push({ path, kind: 'update' });
}

function walkObject(path: PropertyPath, old: WireObject, fresh: WireObject, into: Change[]): void {
  for (const key of new Set([...Object.keys(old), ...Object.keys(fresh)])) {
    if (!key.startsWith('__')) walk([...path, key], old[key], fresh[key], into);
  }
}

function walkList(path: PropertyPath, old: readonly Wire[], fresh: readonly Wire[], into: Change[]): void {
  const name = path.at(-1);
  if (
    typeof name === 'string' &&
    SETS.has(name) &&
    equal(sorted(old), sorted(fresh)) &&
    !fresh.includes(UNKNOWN)
  ) {
    return;
  }
  for (let index = 0; index < Math.max(old.length, fresh.length); index++) {
    walk([...path, index], old[index], fresh[index], into);
  }
}

function sorted(list: readonly Wire[]): Wire[] {
  return list
    .map(reveal)
    .map((value) => JSON.stringify(value))
    .sort();
}

/** Without the secret around it; what is deeper is opened on the way down. */
function opened(value: Wire): Wire {
  return isPlain(value) || Array.isArray(value) ? value : reveal(value);
}

/** Assets by their hash, policies and other JSON documents by their meaning. */
function isSame(old: Wire, fresh: Wire): boolean {
  if (fresh === UNKNOWN) return false;
  if (equal(old, fresh)) return true;
  if (typeof old !== typeof fresh && String(old) === String(fresh)) return true;
  if (typeof old === 'string' && typeof fresh === 'string') {
    const [left, right] = [document(old), document(fresh)];
    return left !== undefined && right !== undefined && equal(left, right);
  }
  const hash = (value: Wire) =>
    typeof value === 'object' && value && !Array.isArray(value) ? value['hash'] : undefined;
  return hash(old) !== undefined && hash(old) === hash(fresh);
}

function document(text: string): Wire | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Wire;
  } catch {
    // Some other text that begins like JSON: compared as text.
    return undefined;
  }
}
