import { type CheckFailure, UNKNOWN, type Wire, type WireObject } from '../embedded/provider';
import { isAsset, isPlain, reveal } from '../embedded/wire';
import type { Kind, PropertySchema, TypeSchema } from './schema';

/** What a type's schema says against its inputs: inputs that are missing, unknown, or of another kind. */
export function validate(schema: TypeSchema, news: WireObject): CheckFailure[] {
  const failures: CheckFailure[] = [];
  for (const [property, { isRequired }] of schema) {
    const value = news[property];
    if (isRequired && (value === undefined || value === null)) {
      failures.push({ property, reason: `Missing required property '${property}'` });
    }
  }
  for (const property of Object.keys(news)) {
    if (property.startsWith('__')) continue;
    const declared = schema.get(property);
    const value = reveal(news[property] ?? null);
    if (!declared?.isInput) failures.push({ property, reason: unknownInput(schema, property, declared) });
    else if (!isOfKind(declared.kind, value)) {
      failures.push({ property, reason: `expected ${NOUNS[declared.kind]}, got ${nounOf(value)}` });
    }
  }
  return failures;
}

const NOUNS: Readonly<Record<Kind, string>> = {
  string: 'a string',
  number: 'a number',
  boolean: 'a boolean',
  list: 'a list',
  texts: 'a list of strings',
  map: 'a map',
  object: 'an object',
  any: 'a value',
};

function unknownInput(schema: TypeSchema, property: string, declared: PropertySchema | undefined): string {
  if (declared) return `'${property}' is an output and cannot be set`;
  const inputs = [...schema].filter(([, each]) => each.isInput).map(([name]) => name);
  const guess = nearest(property, inputs);
  return `unknown property '${property}'${guess === undefined ? '' : `; did you mean '${guess}'?`}`;
}

/** Numbers and booleans may be written as strings and the other way round, as the real providers take them. */
function isOfKind(kind: Kind, value: Wire): boolean {
  if (value === null || value === UNKNOWN || kind === 'any') return true;
  switch (kind) {
    case 'string':
      return typeof value !== 'object';
    case 'number':
      return typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value));
    case 'boolean':
      return typeof value === 'boolean' || value === 'true' || value === 'false';
    case 'list':
      return Array.isArray(value);
    case 'texts':
      return Array.isArray(value) && value.every((each) => each === null || typeof each !== 'object');
    case 'map':
    case 'object':
      return isPlain(value);
  }
}

function nounOf(value: Wire): string {
  if (Array.isArray(value)) return 'a list';
  if (isAsset(value)) return 'an asset';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** The word that is closest to `word`, where one is close at all. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const each of words) {
    const distance = editDistance(word.toLowerCase(), each.toLowerCase());
    if (distance < least) [best, least] = [each, distance];
  }
  return best;
}

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
