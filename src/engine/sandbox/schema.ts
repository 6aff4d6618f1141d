import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * What the SDKs' declarations say of each resource type, as scripts/schema.ts writes it: a property is
 * `<flags in hex><kind><index of its name in base 36>`, and where it is, or holds, an object that is declared, a dot and that
 * object's index in base 36; a type, and an object, is the list of its properties with spaces between.
 */
export interface SchemaFile {
  /** Package → version of the declarations. */
  readonly versions: Record<string, string>;
  readonly names: string[];
  readonly types: Record<string, string>;
  /** One a line. */
  readonly objects: string;
}

/** `always`: an output that has a value on every resource, given or computed. */
export const FLAG = { input: 1, required: 2, output: 4, always: 8 } as const;

export type Kind = 'string' | 'number' | 'boolean' | 'list' | 'texts' | 'map' | 'object' | 'any';

export interface PropertySchema {
  readonly kind: Kind;
  readonly isInput: boolean;
  readonly isRequired: boolean;
  readonly isOutput: boolean;
  readonly isAlways: boolean;
  /** What is declared of the object it is, or of each element or member; undefined where nothing is. */
  object(): TypeSchema | undefined;
}

export type TypeSchema = ReadonlyMap<string, PropertySchema>;

const KINDS: Readonly<Record<string, Kind>> = {
  s: 'string',
  n: 'number',
  b: 'boolean',
  l: 'list',
  t: 'texts',
  m: 'map',
  o: 'object',
};

let file: SchemaFile | undefined;
let rows: readonly string[] | undefined;
/** By token of a type, or by index of an object. */
const decoded = new Map<string | number, TypeSchema>();

/** The schema of a type token; undefined for types that the SDKs do not declare. Read from disk at the first call. */
export function schemaOf(type: string): TypeSchema | undefined {
  return decoded.get(type) ?? decode(type, schemaFile().types[type]);
}

function objectAt(index: number): TypeSchema | undefined {
  rows ??= schemaFile().objects.split('\n');
  return decoded.get(index) ?? decode(index, rows[index]);
}

/** The version of a package's declarations; undefined where there are none of it. */
export const declaredVersion = (packageName: string): string | undefined =>
  schemaFile().versions[packageName];

function schemaFile(): SchemaFile {
  file ??= JSON.parse(readFileSync(path.join(__dirname, 'schema.generated.json'), 'utf8')) as SchemaFile;
  return file;
}

function decode(key: string | number, row: string | undefined): TypeSchema | undefined {
  if (row === undefined) return undefined;
  const { names } = schemaFile();
  const properties = new Map<string, PropertySchema>();
  for (const token of row === '' ? [] : row.split(' ')) {
    const flags = Number.parseInt(token[0] ?? '0', 16);
    const [place = '', object] = token.slice(2).split('.');
    const name = names[Number.parseInt(place, 36)];
    if (name === undefined) continue;
    properties.set(name, {
      kind: KINDS[token[1] ?? ''] ?? 'any',
      isInput: (flags & FLAG.input) !== 0,
      isRequired: (flags & FLAG.required) !== 0,
      isOutput: (flags & FLAG.output) !== 0,
      isAlways: (flags & FLAG.always) !== 0,
      object: () => (object === undefined ? undefined : objectAt(Number.parseInt(object, 36))),
    });
  }
  decoded.set(key, properties);
  return properties;
}
