import { getAt, leafOf, parseConfigPath, removeAt, setAt } from '../state/config-path';
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
  if (value === undefined) throw new Refusal(`configuration key '${key}' not found for stack`);
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
    for (const { flag, text } of invocation.arguments.inOrder) {
      if (flag === 'json') setJson(invocation, file, crypter, text);
      if (flag !== 'secret' && flag !== 'plaintext') continue;
      const end = text.indexOf('=');
      if (end < 0) throw new Refusal(`config value must be in the form [key]=[value]: ${text}`);
      const [key, value] = [text.slice(0, end), text.slice(end + 1)];
      set(invocation, file, crypter, { key, value, isSecret: flag === 'secret' });
    }
  });
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
  writeRawConfig(file, name, setAt(ownValue(file, name), path, leaf));
}

function setJson(invocation: Invocation, file: StackFile, crypter: Crypter, text: string): void {
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch (error) {
    throw new Refusal(`could not parse --json: ${error instanceof Error ? error.message : error}`);
  }
  for (const [key, entry] of Object.entries(values ?? {})) {
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

/** The configuration key that an argument means and, with `--path`, the way into its value. */
function place(
  { arguments: given }: Invocation,
  file: StackFile,
  key: string,
): { readonly name: string; readonly path: readonly (string | number)[] } {
  if (!given.has('path')) return { name: fullKey(file.project.name, key), path: [] };
  const colon = /^[^.[\]"]+:/.exec(key)?.[0] ?? '';
  const [first, ...path] = parseConfigPath(key.slice(colon.length));
  return { name: fullKey(file.project.name, `${colon}${first}`), path };
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

function shownValue(value: ConfigValue, isOpen: boolean): object {
  if (value.isSecret && !isOpen) return { secret: true };
  return {
    value: value.value,
    ...(value.isObject ? { objectValue: JSON.parse(value.value) } : {}),
    secret: value.isSecret,
  };
}
