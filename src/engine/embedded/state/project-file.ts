import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { distance } from '../../../core/nearest';
import { readIfThere } from './backend';
import { type Declaration, declarationsOf, type ValueType } from './declared';
import { Refusal } from './refusal';

/** What a project's `Pulumi.yaml` says that this engine acts on. */
export interface ProjectFile {
  readonly name: string;
  /** The configuration it declares. */
  readonly declared: readonly Declaration[];
  /** Folder of the stack files, relative to the project's own. */
  readonly stackConfigDir: string | undefined;
  /** Every update, preview and destroy begins with a refresh. */
  readonly refreshesAlways: boolean;
  /** Versions of the CLI that it is for. */
  readonly requiredVersion: string | undefined;
}

const Type: z.ZodType<ValueType> = z.lazy(() => z.looseObject({ type: z.string(), items: Type.optional() }));
const Declared = z.strictObject({
  type: z.enum(['string', 'integer', 'boolean', 'array', 'object']).optional(),
  items: Type.optional(),
  description: z.string().optional(),
  secret: z.boolean().optional(),
  default: z.unknown().optional(),
  value: z.unknown().optional(),
});
const Project = z.looseObject({
  name: z.string(),
  /** A text is the old way to name the folder of the stack files. */
  config: z
    .union([
      z.string(),
      z.record(z.string(), z.union([z.string(), z.int(), z.boolean(), z.array(z.unknown()), Declared])),
    ])
    .nullish(),
  stackConfigDir: z.string().nullish(),
  options: z.strictObject({ refresh: z.literal('always').optional() }).nullish(),
  requiredPulumiVersion: z.string().nullish(),
  plugins: z.unknown().optional(),
});

/** Reads `Pulumi.yaml` (`.yml`, `.json`) in a folder; undefined where there is none. */
export async function readProjectFile(folder: string): Promise<ProjectFile | undefined> {
  for (const extension of ['yaml', 'yml', 'json']) {
    const path = join(folder, `Pulumi.${extension}`);
    const text = await readIfThere(path);
    if (text === undefined) continue;
    return projectIn(parseYaml(text, path), path);
  }
  return undefined;
}

function projectIn(written: unknown, path: string): ProjectFile {
  refuseNameless(written, path);
  const result = Project.safeParse(written);
  if (!result.success) throw new Refusal(`could not validate '${path}': ${z.prettifyError(result.error)}`);
  const { name, config, stackConfigDir, options, requiredPulumiVersion, plugins } = result.data;
  if (plugins !== undefined) {
    throw new Refusal(`the embedded engine does not support plugins (\`plugins\` in '${path}')`);
  }
  const isFolder = typeof config === 'string';
  if (isFolder && stackConfigDir != null) {
    throw new Refusal(
      'Should not use both config and stackConfigDir to define the stack directory. Use only stackConfigDir instead.',
    );
  }
  return {
    name,
    declared: isFolder ? [] : declared(name, config ?? {}, path),
    stackConfigDir: isFolder ? config : (stackConfigDir ?? undefined),
    refreshesAlways: options?.refresh === 'always',
    requiredVersion: requiredPulumiVersion ?? undefined,
  };
}

function declared(name: string, config: Readonly<Record<string, unknown>>, path: string): Declaration[] {
  try {
    return declarationsOf(name, config);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(`could not unmarshal '${path}': ${error.message}`);
  }
}

/** The mistakes that the real CLI has words of its own for. */
function refuseNameless(written: unknown, path: string): void {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    throw new Refusal(
      `could not validate '${path}': expected project to be an object, was '${goTypeOf(written)}'`,
    );
  }
  if (!('name' in written)) {
    const [nearest] = Object.keys(written)
      .map((key) => ({ key, far: distance('name', key) }))
      .filter(({ far }) => far <= FARTHEST)
      .sort((a, b) => a.far - b.far || (a.key < b.key ? -1 : 1));
    const found = nearest === undefined ? '' : `; found '${nearest.key}' instead`;
    throw new Refusal(`could not validate '${path}': project is missing a 'name' attribute${found}`);
  }
  if (typeof written.name !== 'string' || written.name === '') {
    throw new Refusal(`could not validate '${path}': project is missing a non-empty string 'name' attribute`);
  }
}

/** Parses YAML; a Refusal that names the file where it is none. */
export function parseYaml(text: string, path: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new Refusal(`could not unmarshal '${path}': ${error instanceof Error ? error.message : error}`);
  }
}

/** The full key: names without a namespace belong to the project. */
export function fullKey(project: string, key: string): string {
  if (!key.includes(':')) return `${project}:${key}`;
  const parts = key.split(':');
  // The long form of old stack files: `aws:config:region`.
  return parts.length === 3 && parts[1] === 'config' ? `${parts[0]}:${parts[2]}` : key;
}

/** As many slips as a key may have to be the one that was meant. */
const FARTHEST = 2;

/** What a value of YAML is called in Go. */
function goTypeOf(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float64';
    default:
      return 'string';
  }
}
