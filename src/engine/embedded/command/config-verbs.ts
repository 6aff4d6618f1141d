import { getAt, leafOf, parseConfigPath, removeAt, setAt } from '../state/config-path';
import { readHistory } from '../state/history';
import { fullKey } from '../state/project-file';
import { Refusal } from '../state/refusal';
import type { Crypter } from '../state/secret';
import {
  type ConfigValue,
  crypterOf,
  isSecure,
  rawConfig,
  readConfig,
  type StackFile,
  writeRawConfig,
  writeStackFile,
} from '../state/stack-file';
import { noSuchStack, stackExists } from '../state/stack-state';
import { type Invocation, type Perform, passphrase, stack, stackFile } from './invocation';
import { shownValue } from './shown';

/** `config --json [--show-secrets]`: everything configured. */
export const listConfig: Perform = async (invocation) => {
  const { file, crypter } = await open(invocation);
  const isOpen = invocation.arguments.has('show-secrets');
  const shown = [...readConfig(file, crypter)].map(([key, value]) => [key, shownValue(value, isOpen)]);
  invocation.print(JSON.stringify(Object.fromEntries(shown), undefined, 2));
};

/** `config get key --json [--path]`: one value, decrypted. */
export const getConfig: Perform = async (invocation) => {
  const { file, crypter } = await open(invocation);
  const [key = ''] = invocation.arguments.words;
  const value = found(invocation, file, crypter, key);
  if (value === undefined) {
    const { stack: name } = await stack(invocation);
    throw new Refusal(`configuration key '${key}' not found for stack '${name}'`);
  }
  invocation.print(
    invocation.arguments.has('json') ? JSON.stringify(shownValue(value, true), undefined, 2) : value.value,
  );
};

/** `config set key value [--secret] [--path]`. */
export const setConfig: Perform = async (invocation) => {
  const [key = '', value] = invocation.arguments.words;
  if (value === undefined) throw new Refusal('the embedded engine reads no standard input: give the value');
  await change(invocation, (file, crypter) =>
    set(invocation, file, crypter, { key, value, isSecret: invocation.arguments.has('secret') }),
  );
};

/** `config set-all --secret k=v --plaintext k=v [--path]`, or `--json` as `config --json` prints it. */
export const setAllConfig: Perform = async (invocation) => {
  await change(invocation, (file, crypter) => {
    const given: { readonly key: string; readonly value: string; readonly isSecret: boolean }[] = [];
    for (const { flag, text } of invocation.arguments.inOrder) {
      if (flag === 'json') setJson(invocation, file, crypter, text);
      if (flag !== 'secret' && flag !== 'plaintext') continue;
      const end = text.indexOf('=');
      if (end < 0) throw new Refusal(`config value must be in the form [key]=[value]: ${text}`);
      given.push({ key: text.slice(0, end), value: text.slice(end + 1), isSecret: flag === 'secret' });
    }
    for (const each of inOrderOf(file, given)) set(invocation, file, crypter, each);
  });
};

/** `config refresh`: what the stack was last updated with. */
export const refreshConfig: Perform = async (invocation) => {
  if (!invocation.arguments.has('force')) {
    throw new Refusal('the embedded engine does not support `pulumi config refresh` without --force');
  }
  const paths = await stack(invocation);
  if (!(await stackExists(paths))) throw noSuchStack(paths.stack);
  const [latest] = await readHistory(paths, { size: 1 });
  if (latest === undefined) throw new Refusal('getting latest configuration: no previous deployment');
  const file = await stackFile(invocation, paths);
  const kept = new Set(Object.keys(latest.config));
  for (const key of Object.keys(rawConfig(file))) {
    if (!kept.has(fullKey(file.project.name, key))) writeRawConfig(file, key, undefined);
  }
  for (const [key, value] of Object.entries(latest.config)) writeRawConfig(file, key, value);
  await writeStackFile(file);
};

/** `config rm key [--path]`, `config rm-all keys… [--path]`. */
export const removeConfig: Perform = async (invocation) => {
  await change(invocation, (file) => {
    for (const key of invocation.arguments.words) {
      const { name, path } = place(invocation, file, key);
      const whole = ownValue(file, name);
      writeRawConfig(file, name, path.length === 0 ? undefined : removeAt(whole, path));
    }
  });
};

async function open(
  invocation: Invocation,
): Promise<{ readonly file: StackFile; readonly crypter: Crypter }> {
  const paths = await stack(invocation);
  if (!(await stackExists(paths))) throw noSuchStack(paths.stack);
  const file = await stackFile(invocation, paths);
  const crypter = await crypterOf(file, passphrase(invocation)());
  return { file, crypter };
}

async function change(
  invocation: Invocation,
  make: (file: StackFile, crypter: Crypter) => void,
): Promise<void> {
  const { file, crypter } = await open(invocation);
  make(file, crypter);
  await writeStackFile(file);
}

function set(
  invocation: Invocation,
  file: StackFile,
  crypter: Crypter,
  given: { readonly key: string; readonly value: string; readonly isSecret: boolean },
): void {
  const { name, path } = place(invocation, file, given.key);
  if (path.length === 0) {
    const value = given.isSecret
      ? { secure: crypter.encrypt(given.value) }
      : plainLeaf(invocation, given.value);
    writeRawConfig(file, name, value);
    return;
  }
  const leaf = given.isSecret ? { secure: crypter.encrypt(given.value) } : leafOf(given.value);
  try {
    writeRawConfig(file, name, setAt(ownValue(file, name), path, leaf));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(`could not set config: ${given.key}: ${error.message}`);
  }
}

function setJson(invocation: Invocation, file: StackFile, crypter: Crypter, text: string): void {
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch (error) {
    throw new Refusal(`could not parse --json: ${error instanceof Error ? error.message : error}`);
  }
  const entries = Object.entries(values ?? {}).map(([key, entry]) => ({ key, entry }));
  for (const { key, entry } of inOrderOf(file, entries)) {
    const { value, objectValue, secret } = entry as {
      value?: string;
      objectValue?: unknown;
      secret?: boolean;
    };
    if (objectValue !== undefined && objectValue !== null) {
      if (secret === true) {
        throw new Refusal('the embedded engine does not support secret objects in `config set-all --json`');
      }
      writeRawConfig(file, fullKey(file.project.name, key), objectValue);
    } else {
      set(invocation, file, crypter, { key, value: value ?? '', isSecret: secret === true });
    }
  }
}

/** Many at once are set in the order of their full keys. */
function inOrderOf<T extends { readonly key: string }>({ project }: StackFile, given: readonly T[]): T[] {
  const full = ({ key }: T): string => fullKey(project.name, key);
  return given.toSorted((a, b) => (full(a) < full(b) ? -1 : full(a) > full(b) ? 1 : 0));
}

/** The configuration key that an argument means and, with `--path`, the way into its value. */
function place(
  { arguments: given }: Invocation,
  file: StackFile,
  key: string,
): { readonly name: string; readonly path: readonly (string | number)[] } {
  if (!given.has('path')) {
    refuseNoKey(key);
    return { name: fullKey(file.project.name, key), path: [] };
  }
  const colon = /^[^.[\]"]+:/.exec(key)?.[0] ?? '';
  const [first, ...path] = parseConfigPath(key.slice(colon.length));
  return { name: fullKey(file.project.name, `${colon}${first}`), path };
}

function refuseNoKey(key: string): void {
  const parts = key.split(':');
  if (parts.length <= 2 || (parts.length === 3 && parts[1] === 'config')) return;
  throw new Refusal(
    `invalid configuration key: could not parse ${key} as a configuration key (configuration keys should be of the form \`<namespace>:<name>\`)`,
  );
}

function found(
  invocation: Invocation,
  file: StackFile,
  crypter: Crypter,
  key: string,
): ConfigValue | undefined {
  const { name, path } = place(invocation, file, key);
  if (path.length === 0) return readConfig(file, crypter).get(name);
  const value = getAt(ownValue(file, name), path);
  if (value === undefined) return undefined;
  if (isSecure(value)) return { value: crypter.decrypt(value.secure), isSecret: true, isObject: false };
  const isObject = typeof value === 'object' && value !== null;
  return { value: isObject ? JSON.stringify(value) : String(value), isSecret: false, isObject };
}

function ownValue(file: StackFile, name: string): unknown {
  const own = Object.entries(rawConfig(file)).find(([key]) => fullKey(file.project.name, key) === name);
  return own?.[1];
}

function plainLeaf({ arguments: given }: Invocation, value: string): string | number | boolean {
  return given.has('path') ? leafOf(value) : value;
}
