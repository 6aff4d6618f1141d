import type { Value } from '../../core/project';

const SIGNATURE = '4dabf18193072939515e22adb298388d';
const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** A value out of the engine as a person or the ledger may see it: secrets are `[secret]`, unknown values `[unknown]`. */
export function blind(value: unknown): Value {
  if (value === UNKNOWN) return '[unknown]';
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value;
  if (Array.isArray(value)) return value.map(blind);
  if (typeof value !== 'object') return null;
  const signature = (value as Record<string, unknown>)[SIGNATURE];
  if (signature !== undefined)
    return 'ciphertext' in value || 'plaintext' in value ? '[secret]' : '[special]';
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, blind(inner)]));
}
