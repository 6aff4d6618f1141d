import { nearest } from '../../core/nearest';
import { formatPath, type PropertyPath } from '../embedded/path';
import { type CheckFailure, UNKNOWN, type Wire, type WireObject } from '../embedded/provider';
import { isAsset, isPlain, revealAll } from '../embedded/wire';
import type { Kind, PropertySchema, TypeSchema } from './schema';

/**
 * What a type's schema says against its inputs, however deep: inputs that are missing, unknown, or of another kind. Below what
 * is not declared nothing is said.
 */
export function validate(schema: TypeSchema, news: WireObject): CheckFailure[] {
  const failures: CheckFailure[] = [];
  checkObject(schema, revealAll(news), [], failures);
  return failures;
}

function checkObject(schema: TypeSchema, values: WireObject, path: PropertyPath, into: CheckFailure[]): void {
  for (const [name, { isRequired }] of schema) {
    const value = values[name];
    if (isRequired && (value === undefined || value === null)) {
      into.push({ property: formatPath([...path, name]), reason: `Missing required property '${name}'` });
    }
  }
  for (const name of Object.keys(values)) {
    if (name.startsWith('__')) continue;
    const inner = [...path, name];
    // Manifests write some names with dashes, the SDK with underscores.
    const declared = schema.get(name) ?? schema.get(name.replaceAll('-', '_'));
    if (declared?.isInput) checkValue(declared, values[name] ?? null, inner, into);
    else into.push({ property: formatPath(inner), reason: unknownInput(schema, name, declared) });
  }
}

function checkValue(declared: PropertySchema, value: Wire, path: PropertyPath, into: CheckFailure[]): void {
  const { kind } = declared;
  if (!isOfKind(kind, value)) {
    into.push({ property: formatPath(path), reason: `expected ${NOUNS[kind]}, got ${nounOf(value)}` });
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const object = declared.object();
  if (!object) return;
  if (kind === 'object' && isPlain(value)) checkObject(object, value, path, into);
  else for (const [key, inner] of within(value)) checkMember(object, inner, [...path, key], into);
}

/** Elements of a list by index, members of a map by key. */
const within = (value: Wire[] | WireObject): (readonly [string | number, Wire])[] =>
  Array.isArray(value) ? value.map((each, index) => [index, each]) : Object.entries(value);

function checkMember(object: TypeSchema, value: Wire, path: PropertyPath, into: CheckFailure[]): void {
  if (value === null || value === UNKNOWN) return;
  if (isPlain(value)) checkObject(object, value, path, into);
  else into.push({ property: formatPath(path), reason: `expected an object, got ${nounOf(value)}` });
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
