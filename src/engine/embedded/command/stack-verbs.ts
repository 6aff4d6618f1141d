import { stat } from 'node:fs/promises';
import {
  prepareBackend,
  projectNames,
  readIfThere,
  type StackPaths,
  stackNames,
  stackPaths,
} from '../state/backend';
import { deploymentText, parseDeployment } from '../state/checkpoint';
import { removeFile, writeDurably } from '../state/file';
import { readHistory } from '../state/history';
import { refuseBroken } from '../state/integrity';
import { takeLock } from '../state/lock';
import { Refusal } from '../state/refusal';
import { seal } from '../state/sealed';
import { openCrypter } from '../state/secret';
import { crypterOf, isSecure, writeStackFile } from '../state/stack-file';
import {
  noSuchStack,
  outputsOf,
  readStack,
  removeStack,
  requireStack,
  stackExists,
  writeStack,
} from '../state/stack-state';
import {
  argumentFile,
  backend,
  type Invocation,
  type Perform,
  passphrase,
  project,
  stack,
  stackFile,
} from './invocation';

/** `stack init`: an empty stack, and a salt in its stack file. */
export const initStack: Perform = async (invocation) => {
  const provider = invocation.arguments.text('secrets-provider');
  if (provider !== undefined && provider !== 'default' && provider !== 'passphrase') {
    throw new Refusal(
      `the embedded engine does not support the secrets provider "${provider}": it supports passphrase`,
    );
  }
  const paths = await stack(invocation, invocation.arguments.words[0] ?? invocation.arguments.text('stack'));
  if ((await readStack(paths, passphrase(invocation))) !== undefined) {
    throw new Refusal(`stack '${paths.stack}' already exists`);
  }
  const file = await stackFile(invocation, paths);
  const crypter = await crypterOf(file, passphrase(invocation)());
  await writeStack(paths, { snapshot: { resources: [], pendingOperations: [] }, metadata: {}, crypter });
  await writeStackFile(file);
  invocation.print(`Created stack '${paths.stack}'`);
};

/** `stack select`: only looks whether the stack is there; the embedded engine remembers no selection. */
export const selectStack: Perform = async (invocation) => {
  const paths = await stack(invocation, invocation.arguments.words[0] ?? invocation.arguments.text('stack'));
  await prepareBackend(paths.backend);
  if (await stackExists(paths)) return;
  if (!invocation.arguments.has('create')) throw noSuchStack(paths.stack);
  await initStack(invocation);
};

/** `stack ls --json`: the stacks of this project, with `--all` of every project. */
export const listStacks: Perform = async (invocation) => {
  const { name } = (await project(invocation)).file;
  const isAll = invocation.arguments.has('all');
  await prepareBackend(backend(invocation));
  const rows: object[] = [];
  for (const owner of isAll ? await projectNames(backend(invocation)) : [name]) {
    for (const stackName of await stackNames(backend(invocation), owner)) {
      const paths = stackPaths(backend(invocation), stackName, owner);
      const checkpoint = await requireStack(paths, passphrase(invocation));
      rows.push({
        name: owner === name ? stackName : `organization/${owner}/${stackName}`,
        current: false,
        lastUpdate: (await stat(paths.checkpoint)).mtime.toISOString(),
        updateInProgress: false,
        resourceCount: checkpoint.snapshot.resources.length,
      });
    }
  }
  invocation.print(JSON.stringify(rows, undefined, 2));
};

/** `stack rm`: refuses a stack that still has resources unless forced. */
export const removeStackVerb: Perform = async (invocation) => {
  const paths = await stack(invocation, invocation.arguments.words[0] ?? invocation.arguments.text('stack'));
  const checkpoint = await requireStack(paths, passphrase(invocation));
  if (checkpoint.snapshot.resources.length > 0 && !invocation.arguments.has('force')) {
    throw new Refusal(
      `'${paths.stack}' still has resources; removal rejected. Possible actions:\n- Make sure that '${paths.stack}' is the stack that you want to destroy\n- Run \`pulumi destroy\` to delete the resources, then run \`pulumi stack rm\`\n- Run \`pulumi stack rm --force\` to override this error`,
    );
  }
  await withLock(paths, () => removeStack(paths));
  if (!invocation.arguments.has('preserve-config')) {
    await removeFile((await stackFile(invocation, paths)).path);
  }
  invocation.print(`Stack '${paths.stack}' has been removed!`);
};

/** `stack output --json [name]`: secrets as `[secret]` unless asked for. */
export const showOutputs: Perform = async (invocation) => {
  const checkpoint = await requireStack(await stack(invocation), passphrase(invocation));
  const sealing = { as: invocation.arguments.has('show-secrets') ? 'bare' : 'blinded' } as const;
  const outputs = outputsOf(checkpoint.snapshot);
  const name = invocation.arguments.words[0];
  if (name === undefined) {
    invocation.print(JSON.stringify(seal(outputs, sealing), undefined, 2));
    return;
  }
  const output = outputs[name];
  if (output === undefined) throw new Refusal(`current stack does not have output property '${name}'`);
  const shown = seal(output, sealing);
  const isText = typeof shown === 'string' && !invocation.arguments.has('json');
  invocation.print(isText ? shown : JSON.stringify(shown, undefined, 2));
};

/** `stack history --json`: the newest first. */
export const showHistory: Perform = async (invocation) => {
  const paths = await stack(invocation);
  if (!(await stackExists(paths))) throw noSuchStack(paths.stack);
  const entries = await readHistory(paths, {
    ...numberOf(invocation, 'page-size', 'size'),
    ...numberOf(invocation, 'page', 'number'),
  });
  const file = await stackFile(invocation, paths);
  const isOpen = invocation.arguments.has('show-secrets');
  const hasSecrets = entries.some(({ config }) => Object.values(config).some(isSecure));
  const crypter = isOpen && hasSecrets ? await crypterOf(file, passphrase(invocation)()) : undefined;
  const shown = entries.map((entry) => ({
    kind: entry.kind,
    startTime: new Date(entry.startTime * 1000).toISOString(),
    message: entry.message,
    environment: entry.environment,
    config: Object.fromEntries(
      Object.entries(entry.config).map(([key, value]) => {
        if (!isSecure(value)) return [key, { value: textOf(value), secret: false }];
        return [key, { ...(crypter ? { value: crypter.decrypt(value.secure) } : {}), secret: true }];
      }),
    ),
    result: entry.result,
    endTime: new Date(entry.endTime * 1000).toISOString(),
    version: 0,
    ...(entry.resourceChanges ? { resourceChanges: entry.resourceChanges } : {}),
  }));
  invocation.print(JSON.stringify(shown, undefined, 2));
};

/** `stack export`: the state as JSON, secrets encrypted unless asked for. */
export const exportStack: Perform = async (invocation) => {
  const paths = await stack(invocation);
  const checkpoint = await requireStack(paths, passphrase(invocation));
  const isOpen = invocation.arguments.has('show-secrets') || checkpoint.salt === undefined;
  const text = deploymentText(
    checkpoint,
    isOpen
      ? { as: 'plaintext' }
      : { as: 'ciphertext', crypter: await openCrypter(passphrase(invocation)(), checkpoint.salt) },
  );
  const to = invocation.arguments.text('file');
  if (to === undefined) invocation.print(text);
  else await writeDurably(to, text, { attributes: false });
};

/** `stack import --file`: replaces the state by an exported one of the same stack. */
export const importStack: Perform = async (invocation) => {
  const from = invocation.arguments.text('file');
  if (from === undefined) throw new Refusal('the embedded engine reads no standard input: use --file');
  const paths = await stack(invocation);
  if (!(await stackExists(paths))) throw noSuchStack(paths.stack);
  const imported = await parseDeployment(await argumentFile(invocation, from), (salt) =>
    openCrypter(passphrase(invocation)(), salt),
  );
  refuseBroken(imported.snapshot);
  const own = `urn:pulumi:${paths.stack}::${paths.project}::`;
  const foreign = imported.snapshot.resources.find(({ urn }) => !urn.startsWith(own));
  if (foreign !== undefined && !invocation.arguments.has('force')) {
    throw new Refusal(
      `resource '${foreign.urn}' is from a different stack or project; use --force to import all the same`,
    );
  }
  const file = await stackFile(invocation, paths);
  const crypter = await crypterOf(file, passphrase(invocation)());
  await writeStackFile(file);
  await withLock(paths, () => writeStack(paths, { ...imported, crypter }));
  invocation.print('Import complete.');
};

/** `stack tag get|set|rm|ls`. */
export const tagVerbs: Readonly<Record<'get' | 'set' | 'rm' | 'ls', Perform>> = {
  get: async (invocation) => {
    const [name = ''] = invocation.arguments.words;
    const tag = (await readTags(await stack(invocation)))[name];
    if (tag === undefined) throw new Refusal(`stack tag '${name}' not found`);
    invocation.print(tag);
  },
  set: async (invocation) => {
    const [name = '', value = ''] = invocation.arguments.words;
    const paths = await stack(invocation);
    await writeTags(paths, { ...(await readTags(paths)), [name]: value });
  },
  rm: async (invocation) => {
    const paths = await stack(invocation);
    const { [invocation.arguments.words[0] ?? '']: _, ...kept } = await readTags(paths);
    await writeTags(paths, kept);
  },
  ls: async (invocation) => {
    invocation.print(JSON.stringify(await readTags(await stack(invocation)), undefined, 2));
  },
};

const TAGS_VERSION = 1;

async function readTags(paths: StackPaths): Promise<Record<string, string>> {
  if (!(await stackExists(paths))) throw noSuchStack(paths.stack);
  const text = await readIfThere(paths.tags);
  if (text === undefined) return {};
  const { version, tags } = JSON.parse(text);
  if (version !== TAGS_VERSION) throw new Refusal(`unsupported stack tags version ${version}`);
  return tags;
}

async function writeTags(paths: StackPaths, tags: Readonly<Record<string, string>>): Promise<void> {
  if (Object.keys(tags).length === 0) await removeFile(paths.tags);
  else await writeDurably(paths.tags, JSON.stringify({ version: TAGS_VERSION, tags }));
}

async function withLock(paths: StackPaths, change: () => Promise<void>): Promise<void> {
  const lock = await takeLock(paths);
  try {
    await change();
  } finally {
    await lock.release();
  }
}

function numberOf<K extends string>(
  { arguments: given }: Invocation,
  flag: string,
  as: K,
): { [key in K]?: number } {
  const text = given.text(flag);
  if (text === undefined) return {};
  const number = Number(text);
  if (!Number.isInteger(number)) throw new Refusal(`invalid argument "${text}" for "--${flag}" flag`);
  return { [as]: number } as { [key in K]?: number };
}

function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
