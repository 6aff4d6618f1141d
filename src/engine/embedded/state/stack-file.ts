import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Document, isMap, parseDocument } from 'yaml';
import { readIfThere } from './backend';
import { writeDurably } from './file';
import { fullKey, type ProjectFile } from './project-file';
import { Refusal } from './refusal';
import { type Crypter, newCrypter, openCrypter } from './secret';

/** One configured value: its text (JSON for maps and lists), and whether any of it is secret. */
export interface ConfigValue {
  readonly value: string;
  readonly isSecret: boolean;
  readonly isObject: boolean;
}

/** A stack's configuration file, `Pulumi.<stack>.yaml`. Nothing is written before `write`. */
export interface StackFile {
  readonly path: string;
  readonly project: ProjectFile;
  readonly document: Document;
  /** The file must be written: it has changed since it was read. */
  isChanged: boolean;
}

/** Reads the file of a stack; a missing one is an empty one, as with the real CLI. Kinds this engine cannot serve are refused. */
export async function readStackFile(
  project: ProjectFile,
  folder: string,
  stack: string,
  configFile: string | undefined,
): Promise<StackFile> {
  const path = configFile === undefined ? defaultPath(project, folder, stack) : resolve(folder, configFile);
  const text = await readIfThere(path);
  if (text === undefined && configFile !== undefined) {
    throw new Refusal(`could not load stack configuration from '${path}': no such file`);
  }
  // The real CLI quotes what older readers of YAML take for something else than text: on, yes, 012.
  const document = parseDocument(text ?? '', { compat: 'yaml-1.1' });
  const problem = document.errors[0];
  if (problem !== undefined) throw new Refusal(`could not unmarshal '${path}': ${problem.message}`);
  if (document.contents !== null && !isMap(document.contents))
    throw new Refusal(`could not unmarshal '${path}'`);
  const provider = document.get('secretsprovider');
  if ((typeof provider === 'string' && provider !== 'passphrase') || document.has('encryptedkey')) {
    throw new Refusal(
      `the embedded engine does not support the secrets provider ${JSON.stringify(provider ?? 'encryptedkey')} of '${path}'`,
    );
  }
  if (document.has('environment')) {
    throw new Refusal(`the embedded engine does not support environments (\`environment\` in '${path}')`);
  }
  return { path, project, document, isChanged: false };
}

/** Writes the file where something changed. */
export async function writeStackFile(file: StackFile): Promise<void> {
  if (!file.isChanged) return;
  // Beside a user's files, so without the attributes that a backend keeps.
  await writeDurably(file.path, file.document.toString({ lineWidth: 0 }), { attributes: false });
  file.isChanged = false;
}

/** The crypter of the stack's salt; makes a salt where there is none. */
export async function crypterOf(file: StackFile, passphrase: string): Promise<Crypter> {
  const salt = file.document.get('encryptionsalt');
  if (typeof salt === 'string' && salt !== '') return openCrypter(passphrase, salt);
  const crypter = await newCrypter(passphrase);
  setTop(file, 'encryptionsalt', crypter.salt);
  return crypter;
}

/** Everything configured, full key to value: the project's defaults under the stack's own. */
export function readConfig(file: StackFile, crypter: Crypter): Map<string, ConfigValue> {
  const config = new Map<string, ConfigValue>();
  for (const { fullKey, value } of file.project.declared) {
    if (value !== undefined) config.set(fullKey, openValue(value, crypter));
  }
  for (const [key, value] of Object.entries(rawConfig(file))) {
    config.set(fullKey(file.project.name, key), openValue(value, crypter));
  }
  return new Map([...config].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The stack's own configuration as it is written, secrets encrypted. */
export function rawConfig(file: StackFile): Record<string, unknown> {
  const config: unknown = file.document.toJS()?.config;
  return typeof config === 'object' && config !== null ? { ...config } : {};
}

/** Replaces the value under a key, or removes it where the value is undefined. */
export function writeRawConfig(file: StackFile, key: string, value: unknown): void {
  const { project, document } = file;
  const full = fullKey(project.name, key);
  const written = Object.keys(rawConfig(file)).find((name) => fullKey(project.name, name) === full) ?? full;
  if (value === undefined) document.deleteIn(['config', written]);
  else {
    if (!isMap(document.get('config'))) setTop(file, 'config', {});
    document.setIn(['config', written], document.createNode(value));
  }
  file.isChanged = true;
}

/** Whether this is how an encrypted value is written: `{secure: v1:…}`. */
export function isSecure(value: unknown): value is { readonly secure: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === 1 &&
    'secure' in value &&
    typeof value.secure === 'string'
  );
}

/** A value as it is written, opened. */
export function openValue(value: unknown, crypter: Pick<Crypter, 'decrypt'>): ConfigValue {
  if (isSecure(value)) return { value: crypter.decrypt(value.secure), isSecret: true, isObject: false };
  if (typeof value !== 'object' || value === null) {
    return { value: value === null ? '' : String(value), isSecret: false, isObject: false };
  }
  let isSecret = false;
  const open = (item: unknown): unknown => {
    if (isSecure(item)) {
      isSecret = true;
      return crypter.decrypt(item.secure);
    }
    if (Array.isArray(item)) return item.map(open);
    if (typeof item !== 'object' || item === null) return item;
    // The real CLI tells a map by its keys in order, however it is written.
    const entries = Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, inner]) => [key, open(inner)]));
  };
  const text = JSON.stringify(open(value));
  return { value: text, isSecret, isObject: true };
}

function setTop(file: StackFile, key: string, value: unknown): void {
  const { document } = file;
  if (document.contents === null) document.contents = document.createNode({});
  document.set(key, document.createNode(value));
  file.isChanged = true;
}

function defaultPath(project: ProjectFile, folder: string, stack: string): string {
  const base = resolve(folder, project.stackConfigDir ?? '.');
  for (const extension of ['yaml', 'yml']) {
    const path = join(base, `Pulumi.${stack}.${extension}`);
    if (existsSync(path)) return path;
  }
  if (existsSync(join(base, `Pulumi.${stack}.json`))) {
    throw new Refusal(
      `the embedded engine does not support stack files in JSON ('${join(base, `Pulumi.${stack}.json`)}')`,
    );
  }
  return join(base, `Pulumi.${stack}.yaml`);
}
