import { rename, stat } from 'node:fs/promises';
import { prepareBackend, projectNames, type StackPaths, stackNames, stackPaths } from '../state/backend';
import { deploymentText, parseDeployment } from '../state/checkpoint';
import { isCode, removeFile, writeDurably } from '../state/file';
import { readHistory } from '../state/history';
import { refuseBroken } from '../state/integrity';
import { takeLock } from '../state/lock';
import { Refusal } from '../state/refusal';
import { seal } from '../state/sealed';
import { openCrypter } from '../state/secret';
import { crypterOf, openValue, writeStackFile } from '../state/stack-file';
import {
  noSuchStack,
  outputsOf,
  qualifiedName,
  readStack,
  removeStack,
  renameStack,
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
import { shownValue } from './shown';

/** `stack init`: an empty stack, and a salt in its stack file. */
export const initStack: Perform = async (invocation) => {
  const provider = invocation.arguments.text('secrets-provider');
  if (provider !== undefined && provider !== 'default' && provider !== 'passphrase') {
    throw new Refusal(
      `the embedded engine does not support the secrets provider "${provider}": it supports passphrase`,
    );
  }
  const paths = await stack(invocation, invocation.arguments.words[0] ?? invocation.arguments.text('stack'));
  if (paths.project !== (await project(invocation)).file.name) {
    throw new Refusal(
      `could not create stack: provided project name ${JSON.stringify(paths.project)} doesn't match Pulumi.yaml`,
    );
  }
  if ((await readStack(paths, passphrase(invocation))) !== undefined) {
    throw new Refusal(`stack '${qualifiedName(paths)}' already exists`);
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

/** `stack rename`: state, history and stack file go by the new name; tags stay behind, as with the real CLI. */
export const renameStackVerb: Perform = async (invocation) => {
  const from = await stack(invocation);
  const to = await stack(invocation, invocation.arguments.words[0]);
  const checkpoint = await requireStack(from, passphrase(invocation));
  if (await stackExists(to)) throw new Refusal(`a stack named ${to.stack} already exists`);
  const file = await stackFile(invocation, from);
  const crypter =
    checkpoint.salt === undefined
      ? await crypterOf(file, passphrase(invocation)())
      : await openCrypter(passphrase(invocation)(), checkpoint.salt);
  await withLock(from, () => renameStack(from, to, { ...checkpoint, crypter }));
  await rename(file.path, (await stackFile(invocation, to)).path).catch((error: unknown) => {
    if (!isCode(error, 'ENOENT')) throw error;
  });
  invocation.print(`Renamed ${from.stack} to ${to.stack}`);
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
  const crypter = isOpen ? await crypterOf(file, passphrase(invocation)()) : SHUT;
  const shown = entries.map((entry) => ({
    kind: entry.kind,
    startTime: new Date(entry.startTime * 1000).toISOString(),
    message: entry.message,
    environment: entry.environment,
    config: Object.fromEntries(
      Object.entries(entry.config)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => [key, shownValue(openValue(value, crypter), isOpen)]),
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

/** For who only asks whether something is secret. */
const SHUT = { decrypt: () => '' };
