/**
 * Canonical JSON: keys sorted by UTF-16 code units, no white space, numbers and strings as JSON.stringify writes them
 * (RFC 8785). Equal content gives equal text. Throws a TypeError for what JSON would drop or bend: undefined, NaN,
 * infinities, functions, symbols, bigints, and objects that are neither plain nor arrays. `path` names the place in errors.
 */
export function canonicalJson(value: unknown, path = 'value'): string {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${path} is ${value}, which is not JSON`);
      return JSON.stringify(value);
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return list(value, path);
      return object(value, path);
    default:
      throw new TypeError(`${path} is ${typeof value}, which is not JSON`);
  }
}

function list(items: readonly unknown[], path: string): string {
  // Array.from: holes become undefined and are refused, `map` would skip them.
  return `[${Array.from(items, (item, index) => canonicalJson(item, `${path}[${index}]`)).join(',')}]`;
}

function object(value: object, path: string): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(`${path} is a ${value.constructor?.name ?? 'class'} object, which is not plain JSON`);
  }
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member, `${path}.${key}`)}`);
  return `{${members.join(',')}}`;
}
