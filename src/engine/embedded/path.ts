import type { Wire, WireObject } from './provider';
import { isPlain, isSecret, secret } from './wire';

/** `tags.name`, `rules[0].port`, `tags["a.b"]`, `rules[*]`. */
export type PropertyPath = readonly (string | number)[];

/** undefined where the text is no path. */
export function parsePath(text: string): PropertyPath | undefined {
  try {
    return readPath(text);
  } catch {
    return undefined;
  }
}

/** As lenient as the real engine: a name is whatever stands before the next `.` or `[`. Throws what it says of no path. */
export function readPath(text: string): PropertyPath {
  const path: (string | number)[] = [];
  let rest = text;
  if (rest.startsWith('.')) throw new Error('expected property path to start with a name or index');
  while (rest !== '') {
    if (rest.startsWith('.')) {
      rest = rest.slice(1);
      if (rest === '') throw new Error('expected property path to end with a name or index');
    } else if (rest.startsWith('["')) {
      const [whole, name = '', end] = /^\["((?:\\"|[^"])*)"(\]?)/.exec(rest) ?? [''];
      if (whole === '') throw new Error('missing closing quote in property name');
      if (end === '') throw new Error('missing closing bracket in property access');
      path.push(name.replaceAll('\\"', '"'));
      rest = rest.slice(whole.length);
    } else if (rest.startsWith('[')) {
      const end = rest.indexOf(']');
      if (end < 0) throw new Error('missing closing bracket in array index');
      path.push(indexOf(rest.slice(1, end)));
      rest = rest.slice(end + 1);
    } else {
      const name = /^[^.[]+/.exec(rest)?.[0] ?? '';
      path.push(name);
      rest = rest.slice(name.length);
    }
  }
  return path;
}

function indexOf(segment: string): string | number {
  if (segment === '*') return segment;
  if (/^[+-]?\d+$/.test(segment)) return Number(segment);
  throw new Error(
    `invalid array index: strconv.ParseInt: parsing ${JSON.stringify(segment)}: invalid syntax`,
  );
}

export function formatPath(path: PropertyPath): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/[."[\]]/.test(part)) text += `["${part.replace(/(["\\])/g, '\\$1')}"]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text;
}

/** As the real engine writes what it has read: only names of letters, digits and underscores go without quotes. */
export function plainPath(path: PropertyPath): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/\W/.test(part)) text += `["${part.replaceAll('"', '\\"')}"]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text;
}

/** `*` in `path` stands for any key or index. */
export function contains(path: PropertyPath, other: PropertyPath): boolean {
  return path.length <= other.length && path.every((part, index) => part === '*' || part === other[index]);
}

/**
 * `news` with what `ignored` names put back to its value in `olds`; `invalid` are the paths that could not be put back
 * because an element on the way exists on one side only. Neither argument is changed.
 */
export function ignoreChanges(
  news: WireObject,
  olds: WireObject,
  ignored: readonly string[],
): { inputs: WireObject; invalid: string[] } {
  if (ignored.length === 0) return { inputs: news, invalid: [] };
  const inputs = structuredClone(news);
  const invalid: string[] = [];
  for (const text of ignored) {
    const path = parsePath(text);
    if (path && !reset(path, olds, inputs, { old: false, new: false })) invalid.push(text);
  }
  return { inputs, invalid };
}

interface Secrecy {
  readonly old: boolean;
  readonly new: boolean;
}

function reset(path: PropertyPath, oldValue: Wire, newValue: Wire, around: Secrecy): boolean {
  const [key, ...rest] = path;
  if (key === undefined) return false;
  const old = open(oldValue);
  const fresh = open(newValue);
  const secrecy = { old: around.old || old.secret, new: around.new || fresh.secret };
  if (typeof key === 'number') return resetIndex(key, rest, old.value, fresh.value, secrecy);
  if (key === '*') return resetEach(rest, old.value, fresh.value, secrecy);
  return resetKey(key, rest, old.value, fresh.value, secrecy);
}

function resetIndex(key: number, rest: PropertyPath, old: Wire, fresh: Wire, secrecy: Secrecy): boolean {
  if (key < 0) return false;
  if (!Array.isArray(old) || !Array.isArray(fresh)) return !Array.isArray(old) && !Array.isArray(fresh);
  const before = old[key];
  const after = fresh[key];
  if (rest.length > 0) {
    return before !== undefined && after !== undefined && reset(rest, before, after, secrecy);
  }
  if (before === undefined && after === undefined) return true;
  if (before === undefined || after === undefined) return false;
  fresh[key] = kept(before, secrecy);
  return true;
}

function resetKey(key: string, rest: PropertyPath, old: Wire, fresh: Wire, secrecy: Secrecy): boolean {
  const before = isPlain(old) ? old[key] : undefined;
  if (rest.length === 0) {
    if (before === undefined) {
      if (isPlain(fresh)) delete fresh[key];
      return true;
    }
    if (!isPlain(fresh)) return false;
    fresh[key] = kept(before, secrecy);
    return true;
  }
  if (!isPlain(old) || !isPlain(fresh)) return !isPlain(old) && !isPlain(fresh);
  const after = fresh[key];
  if (before === undefined && after === undefined) return true;
  if (after === undefined) return false;
  return reset(rest, before ?? null, after, secrecy);
}

function resetEach(rest: PropertyPath, old: Wire, fresh: Wire, secrecy: Secrecy): boolean {
  if (rest.length > 0) {
    if (isPlain(old) && isPlain(fresh)) {
      return Object.keys(old).every((key) => {
        const before = old[key];
        const after = fresh[key];
        return before !== undefined && after !== undefined && reset(rest, before, after, secrecy);
      });
    }
    if (!Array.isArray(old) || !Array.isArray(fresh)) return false;
    const common = fresh.slice(0, old.length);
    return (
      common.every((after, index) => reset(rest, old[index] ?? null, after, secrecy)) &&
      old.length === fresh.length
    );
  }
  if (isPlain(fresh)) {
    if (!isPlain(old)) return true;
    for (const key of Object.keys(fresh)) if (!(key in old)) delete fresh[key];
    for (const key of Object.keys(old)) fresh[key] = kept(old[key] ?? null, secrecy);
    return true;
  }
  if (!Array.isArray(fresh)) return false;
  if (!Array.isArray(old)) return true;
  for (let index = 0; index < Math.min(old.length, fresh.length); index++) {
    fresh[index] = kept(old[index] ?? null, secrecy);
  }
  return old.length === fresh.length;
}

function open(value: Wire): { value: Wire; secret: boolean } {
  let inner = value;
  while (isSecret(inner)) inner = inner['value'] ?? null;
  return { value: inner, secret: inner !== value };
}

function kept(value: Wire, secrecy: Secrecy): Wire {
  return secrecy.old && !secrecy.new ? secret(value) : structuredClone(value);
}
