/** Programs as the interpreter of the corpora reads them. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Fields = { [key: string]: Json };

export interface Entry {
  readonly kind?: 'component' | 'registerOutputs' | 'provider' | 'invoke' | 'invokeOutput' | 'stackReference';
  readonly name?: string;
  readonly as?: string;
  readonly type?: string;
  readonly tok?: string;
  readonly throw?: string;
  readonly props?: Fields;
  readonly args?: Fields;
  readonly opts?: Fields;
  readonly outputs?: Fields;
}

export interface Program {
  readonly resources: readonly Entry[];
  readonly outputs?: Fields;
}

/** What other entries call it. */
export function handleOf(entry: Entry): string {
  return entry.as ?? entry.name ?? '';
}

export function isThing(entry: Entry): boolean {
  return entry.kind === undefined && entry.throw === undefined;
}

const SINGLE: ReadonlySet<string> = new Set(['parent', 'provider', 'deletedWith']);
const LISTS: ReadonlySet<string> = new Set(['dependsOn', 'providers', 'replaceWith']);

/** The program without mention of what it has not made yet: it would only break in JavaScript. */
export function repaired({ resources, outputs }: Program): Program {
  const made = new Map<string, Entry>();
  const kept: Entry[] = [];
  for (const entry of resources) {
    if (entry.kind === 'registerOutputs' && made.get(entry.name ?? '')?.kind !== 'component') continue;
    const handle = handleOf(entry);
    if (handle !== '' && entry.kind !== 'registerOutputs' && made.has(handle)) continue;
    kept.push({
      ...entry,
      ...(entry.props ? { props: known(entry.props, made) as Fields } : {}),
      ...(entry.args ? { args: known(entry.args, made) as Fields } : {}),
      ...(entry.outputs ? { outputs: known(entry.outputs, made) as Fields } : {}),
      ...(entry.opts ? { opts: knownOptions(entry.opts, made) } : {}),
    });
    if (handle !== '' && entry.kind !== 'registerOutputs') made.set(handle, entry);
  }
  return { resources: kept, ...(outputs ? { outputs: known(outputs, made) as Fields } : {}) };
}

function known(value: Json, made: ReadonlyMap<string, Entry>): Json {
  if (Array.isArray(value)) return value.map((item) => known(item, made));
  if (value === null || typeof value !== 'object') return value;
  if (typeof value['$ref'] === 'string') {
    const [handle = '', first] = value['$ref'].split('.');
    const entry = made.get(handle);
    if (entry === undefined) return 'gone';
    const fixed = ['arn', 'id', 'urn', 'cost', 'size', undefined];
    const isMissing =
      isThing(entry) && !fixed.includes(first) && !(first !== undefined && first in (entry.props ?? {}));
    return isMissing ? { $ref: `${handle}.arn` } : value;
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, known(item, made)]));
}

function knownOptions(options: Fields, made: ReadonlyMap<string, Entry>): Fields {
  const fits = (key: string, handle: Json) => {
    const entry = made.get(String(handle));
    if (entry === undefined) return false;
    if (key === 'provider' || key === 'providers') return entry.kind === 'provider';
    return isThing(entry) || entry.kind === 'component' || entry.kind === 'provider';
  };
  const kept: Fields = {};
  for (const [key, value] of Object.entries(options)) {
    if (SINGLE.has(key)) {
      if (fits(key, value)) kept[key] = value;
    } else if (LISTS.has(key) && Array.isArray(value)) {
      const present = value.filter((handle) => fits(key, handle));
      if (present.length > 0) kept[key] = present;
    } else if (key === 'aliases' && Array.isArray(value)) {
      const present = value.filter((alias) => {
        const isParent =
          alias !== null && typeof alias === 'object' && !Array.isArray(alias) && 'parent' in alias;
        return !isParent || fits('parent', alias['parent'] ?? null);
      });
      if (present.length > 0) kept[key] = present;
    } else kept[key] = known(value, made);
  }
  return kept;
}
