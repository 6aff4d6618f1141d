import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { readIfThere } from './backend';
import { Refusal } from './refusal';

/** What a project's `Pulumi.yaml` says that this engine acts on. */
export interface ProjectFile {
  readonly name: string;
  /** Defaults for configuration, full key to value. */
  readonly config: ReadonlyMap<string, unknown>;
  /** Folder of the stack files, relative to the project's own. */
  readonly stackConfigDir: string | undefined;
  /** Every update, preview and destroy begins with a refresh. */
  readonly refreshesAlways: boolean;
}

const Project = z.looseObject({
  name: z.string(),
  config: z.record(z.string(), z.unknown()).nullish(),
  stackConfigDir: z.string().optional(),
  options: z.looseObject({ refresh: z.string().optional() }).nullish(),
});

/** Reads `Pulumi.yaml` (`.yml`, `.json`) in a folder; undefined where there is none. */
export async function readProjectFile(folder: string): Promise<ProjectFile | undefined> {
  for (const extension of ['yaml', 'yml', 'json']) {
    const path = join(folder, `Pulumi.${extension}`);
    const text = await readIfThere(path);
    if (text === undefined) continue;
    const result = Project.safeParse(parseYaml(text, path));
    if (!result.success) {
      throw new Refusal(`could not validate '${path}': ${z.prettifyError(result.error)}`);
    }
    const { name, config, stackConfigDir, options } = result.data;
    const refreshesAlways = options?.refresh === 'always';
    return { name, config: defaultsOf(name, config ?? {}), stackConfigDir, refreshesAlways };
  }
  return undefined;
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

function defaultsOf(project: string, config: Readonly<Record<string, unknown>>): Map<string, unknown> {
  const defaults = new Map<string, unknown>();
  for (const [key, entry] of Object.entries(config)) {
    const value = isEntry(entry) ? (entry.value ?? entry.default) : entry;
    if (value !== undefined && value !== null) defaults.set(fullKey(project, key), value);
  }
  return defaults;
}

function isEntry(entry: unknown): entry is { readonly value?: unknown; readonly default?: unknown } {
  return typeof entry === 'object' && entry !== null && !Array.isArray(entry);
}
