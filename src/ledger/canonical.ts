import { canonical } from '../core/digest';

/**
 * Canonical JSON of what is JSON already: numbers and strings as JSON.stringify writes them (RFC 8785). Throws a TypeError for
 * what JSON would drop or bend: undefined, NaN, infinities, functions, symbols, bigints, and objects that are neither plain nor
 * arrays. `path` names the place in errors.
 */
export function canonicalJson(value: unknown, path = 'value'): string {
  refuseOther(value, path);
  return canonical(value);
}

function refuseOther(value: unknown, path: string): void {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return;
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${path} is ${value}, which is not JSON`);
      return;
    case 'object':
      if (value !== null) refuseInside(value, path);
      return;
    default:
      throw new TypeError(`${path} is ${typeof value}, which is not JSON`);
  }
}

function refuseInside(value: object, path: string): void {
  if (Array.isArray(value)) {
    // Array.from: holes become undefined and are refused, `forEach` would skip them.
    for (const [index, item] of Array.from(value).entries()) refuseOther(item, `${path}[${index}]`);
    return;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw new TypeError(`${path} is a ${value.constructor?.name ?? 'class'} object, which is not plain JSON`);
  for (const [key, member] of Object.entries(value)) refuseOther(member, `${path}.${key}`);
}
