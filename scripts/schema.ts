/**
 * Writes src/engine/sandbox/schema.generated.json from the declarations of @pulumi/aws and @pulumi/kubernetes: every
 * resource type with its inputs and outputs, and the objects within its inputs. `--check` writes nothing and exits 1 where the
 * file is stale. The form is described in src/engine/sandbox/schema.ts, which reads it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { SchemaFile } from '../src/engine/sandbox/schema';
import { declarationsOf, type Properties, type Property } from './declarations';

const ROOT = path.join(__dirname, '..');
const TARGET = path.join(ROOT, 'src/engine/sandbox/schema.generated.json');

const resources = new Map<string, Properties>();
/** Names begin with the package. */
const objects = new Map<string, Properties>();
const versions: Record<string, string> = {};

function load(name: string): void {
  const folder = path.join(ROOT, 'node_modules/@pulumi', name);
  const manifest: { version: string } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  versions[name] = manifest.version;
  const declared = declarationsOf(folder);
  const qualified = (properties: Properties): Properties =>
    new Map(
      [...properties].map(([key, property]) => [
        key,
        property.of === undefined ? property : { ...property, of: `${name}.${property.of}` },
      ]),
    );
  for (const [token, properties] of declared.resources) resources.set(token, qualified(properties));
  for (const [key, properties] of declared.objects) objects.set(`${name}.${key}`, qualified(properties));
}

/** Names of the objects that the inputs of resources lead to. */
function reachable(): string[] {
  const found = new Set<string>();
  const follow = (properties: Properties): void => {
    for (const { of } of properties.values()) {
      const inner = of === undefined ? undefined : objects.get(of);
      if (of === undefined || !inner || found.has(of)) continue;
      found.add(of);
      follow(inner);
    }
  };
  for (const properties of resources.values()) follow(properties);
  return [...found];
}

/**
 * Number of each object, where those that are alike down to the last property share one: at first all are taken to be alike,
 * and told apart by what their rows say until no row tells more.
 */
function numbered(names: readonly string[]): Map<string, number> {
  let numbers = new Map(names.map((name) => [name, 0]));
  for (let count = 0; ; ) {
    const rows = new Map<string, number>();
    const next = new Map<string, number>();
    for (const name of names) {
      const row = JSON.stringify(
        [...(objects.get(name) ?? [])].map(([key, { flags, kind, of }]) => [
          key,
          flags,
          kind,
          of && numbers.get(of),
        ]),
      );
      if (!rows.has(row)) rows.set(row, rows.size);
      next.set(name, rows.get(row) ?? 0);
    }
    numbers = next;
    if (rows.size === count) return numbers;
    count = rows.size;
  }
}

function generate(): string {
  for (const name of ['aws', 'kubernetes']) load(name);
  const found = reachable();
  const numbers = numbered(found);
  const alike = new Map(found.map((name) => [numbers.get(name) ?? 0, objects.get(name) ?? new Map()]));
  const forms: Properties[] = [...alike].sort(([a], [b]) => a - b).map(([, form]) => form);
  const names = byUse([...resources.values(), ...forms]);
  const places = new Map(names.map((name, index) => [name, index]));
  const token = ([name, { flags, kind, of }]: [string, Property]): string => {
    const number = of === undefined ? undefined : numbers.get(of);
    const inner = number === undefined ? '' : `.${number.toString(36)}`;
    return `${flags.toString(16)}${kind}${(places.get(name) ?? 0).toString(36)}${inner}`;
  };
  const row = (properties: Properties): string => [...properties].map(token).join(' ');
  const schema: SchemaFile = {
    versions,
    names,
    types: Object.fromEntries([...resources].map(([type, properties]) => [type, row(properties)])),
    objects: forms.map(row).join('\n'),
  };
  return `${JSON.stringify(schema)}\n`;
}

/** The names of all properties, the most frequent ones first: they get the shortest numbers. */
function byUse(all: readonly Properties[]): string[] {
  const uses = new Map<string, number>();
  for (const properties of all) {
    for (const name of properties.keys()) uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  return [...uses].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([name]) => name);
}

const generated = generate();
if (process.argv.includes('--check')) {
  if (readFileSync(TARGET, 'utf8') !== generated) {
    process.stderr.write('schema.generated.json is stale: run scripts/schema.ts\n');
    process.exitCode = 1;
  }
} else {
  writeFileSync(TARGET, generated);
}
