import { Refusal } from './refusal';
import { isSecure } from './stack-file';

/** Steps into a configured value: `outer.list[0]["a.b"]` → `['outer', 'list', 0, 'a.b']`. */
export type ConfigPath = readonly (string | number)[];

/** Parses a path as `--path` takes it. */
export function parseConfigPath(text: string): ConfigPath {
  const path: (string | number)[] = [];
  // Like the real CLI, which takes `a..b` for `a.b`.
  const step = /\.*([^.[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/y;
  while (step.lastIndex < text.length) {
    const match = step.exec(text);
    if (match === null) throw new Refusal(`invalid configuration key: ${JSON.stringify(text)}`);
    const [, name, index, quoted] = match;
    if (index !== undefined) path.push(Number(index));
    else path.push(name ?? (quoted ?? '').replace(/\\(.)/g, '$1'));
  }
  if (path.length === 0) throw new Refusal('invalid configuration key: empty');
  if (path.includes('__proto__')) throw new Refusal(`invalid configuration key: ${JSON.stringify(text)}`);
  return path;
}

/** What lies at the path, undefined where nothing does. */
export function getAt(value: unknown, path: ConfigPath): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null || isSecure(found)) return undefined;
    found = Array.isArray(found) ? found[Number(step)] : Object.getOwnPropertyDescriptor(found, step)?.value;
  }
  return found;
}

/** A copy with the leaf at the path replaced; maps and lists on the way are made. */
export function setAt(value: unknown, path: ConfigPath, leaf: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return leaf;
  if (typeof step === 'number' && (Array.isArray(value) || value === undefined)) {
    const list = Array.isArray(value) ? [...value] : [];
    if (step > list.length) throw new Refusal('array index out of range');
    list[step] = setAt(list[step], rest, leaf);
    return list;
  }
  if (value !== undefined && (typeof value !== 'object' || value === null || isSecure(value))) {
    throw new Refusal('invalid configuration key: expected a map');
  }
  const map: Record<string, unknown> = { ...value };
  map[step] = setAt(map[step], rest, leaf);
  return map;
}

/** A copy without what lies at the path. */
export function removeAt(value: unknown, path: ConfigPath): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    if (rest.length === 0) return value.filter((_, index) => index !== step);
    return value.map((item, index) => (index === step ? removeAt(item, rest) : item));
  }
  const map: Record<string, unknown> = { ...value };
  if (rest.length === 0) delete map[step];
  else if (step in map) map[step] = removeAt(map[step], rest);
  return map;
}

/** With `--path`, words that read as booleans or whole numbers are stored as such, like the real CLI does. */
export function leafOf(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^(0|-?[1-9]\d{0,14})$/.test(text) ? Number(text) : text;
}
