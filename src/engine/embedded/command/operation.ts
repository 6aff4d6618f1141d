import type { EngineEvent } from '@pulumi/pulumi/automation';
import { attachedProviders } from '../attached';
import { type DeploymentKind, type DeploymentResult, deploy } from '../deployment';
import type { ProviderHost, WireObject } from '../provider';
import type { Snapshot } from '../resource';
import { namesIn, ORGANIZATION, type StackPaths, stackPaths } from '../state/backend';
import type { Checkpoint } from '../state/checkpoint';
import { refuseUndeclared } from '../state/declared';
import { addHistory } from '../state/history';
import { takeLock } from '../state/lock';
import { Refusal } from '../state/refusal';
import { openSaver } from '../state/saver';
import type { Crypter } from '../state/secret';
import {
  type ConfigValue,
  crypterOf,
  rawConfig,
  readConfig,
  type StackFile,
  writeStackFile,
} from '../state/stack-file';
import { noSuchStack, outputsOf, readStack, requireStack, stackExists } from '../state/stack-state';
import { sweep } from '../state/sweep';
import { refuseOtherVersion } from '../state/version-range';
import { choiceOf, protectedIn } from './choice';
import { Display } from './display';
import { openEventLog } from './event-log';
import { type Invocation, passphrase, stack, stackFile } from './invocation';
import { continuesOnError, parallelIn, refuseVariables } from './variables';

/** The words of a failed operation that produced no better ones. */
const FAILED: Readonly<Record<DeploymentKind, string>> = {
  preview: 'preview failed',
  update: 'update failed',
  refresh: 'refresh failed',
  destroy: 'destroy failed',
};

/** Runs `up`, `preview`, `refresh` or `destroy`. Only what is not a preview takes the lock, writes state and history. */
export async function operate(invocation: Invocation, kind: DeploymentKind): Promise<void> {
  refuseVariables(invocation);
  const isDry = kind === 'preview' || invocation.arguments.has('preview-only');
  const paths = await stack(invocation);
  if (!(await stackExists(paths))) throw noSuchStack(paths.stack);
  await refuseJournal(paths);
  const file = await stackFile(invocation, paths);
  refuseOtherVersion(file.project.requiredVersion);
  if (await isAllProtected(invocation, paths)) return;
  const crypter = await crypterOf(file, passphrase(invocation)());
  // A look changes nothing: the salt it needs is forgotten with it where the stack has none yet.
  if (isDry) {
    const checkpoint = await requireStack(paths, passphrase(invocation));
    const outcome = await run(invocation, kind, {
      paths,
      file,
      crypter,
      checkpoint,
      save: () => undefined,
      isDry,
    });
    return conclude(invocation, kind, isDry, outcome);
  }
  await writeStackFile(file);
  const lock = await takeLock(paths);
  let outcome: Outcome;
  try {
    await sweep(paths, lock);
    // Read under the lock: what was read before it may be another's past.
    const checkpoint = await requireStack(paths, passphrase(invocation));
    outcome = await runAndSave(invocation, kind, { paths, file, crypter, checkpoint });
  } finally {
    await lock.release();
  }
  conclude(invocation, kind, isDry, outcome);
}

interface Subject {
  readonly paths: StackPaths;
  readonly file: StackFile;
  readonly crypter: Crypter;
  readonly checkpoint: Checkpoint;
}

interface Outcome {
  readonly result: DeploymentResult;
  /** An error diagnostic was shown. */
  readonly isExplained: boolean;
}

async function runAndSave(invocation: Invocation, kind: DeploymentKind, subject: Subject): Promise<Outcome> {
  const { paths, file, crypter, checkpoint } = subject;
  const startTime = seconds();
  const saver = openSaver(paths, { crypter, metadata: checkpoint.metadata });
  let outcome: Outcome;
  try {
    outcome = await run(invocation, kind, {
      ...subject,
      isDry: false,
      save: (snapshot) => saver.save(snapshot),
    });
    await saver.save(outcome.result.snapshot);
  } catch (error) {
    // The engine's own failure is the one to report, also where the state could not be saved because of it.
    await saver.close().catch(() => undefined);
    throw error;
  }
  await saver.close();
  const { result } = outcome;
  await addHistory(paths, {
    kind: kind === 'refresh' || kind === 'destroy' ? kind : 'update',
    startTime,
    message: invocation.arguments.text('message') ?? '',
    environment: { 'exec.kind': invocation.arguments.text('exec-kind') ?? 'cli' },
    config: rawConfig(file),
    result: result.ok ? 'succeeded' : 'failed',
    endTime: seconds(),
    resourceChanges: result.counts,
  });
  return outcome;
}

/** Runs the deployment and sends its events; says nothing about the outcome. */
async function run(
  invocation: Invocation,
  kind: DeploymentKind,
  subject: Subject & { readonly isDry: boolean; save(snapshot: Snapshot): void | Promise<void> },
): Promise<Outcome> {
  const { paths, file, crypter, checkpoint, isDry } = subject;
  const given = invocation.arguments;
  const client = given.text('client');
  if (client === undefined && (kind === 'update' || kind === 'preview')) {
    throw new Refusal('the embedded engine runs inline programs only (no --client was given)');
  }
  const config = readConfig(file, crypter);
  // Without a program nobody asks for a value.
  if (kind === 'update' || kind === 'preview') refuseUndeclared(paths.stack, file.project.declared, config);
  const { project, stack: name } = paths;
  const display = new Display(invocation.print, { kind, project, stack: name, isDry }, Date.now());
  const log = openEventLog(given.text('event-log'));
  let isExplained = false;
  const emit = (event: EngineEvent): void => {
    isExplained ||= event.diagnosticEvent?.severity === 'error';
    if (invocation.observe === undefined || event.summaryEvent) log.send(event);
    invocation.observe?.(event);
    display.show(event);
  };
  display.begin();
  let result: DeploymentResult;
  try {
    result = await deploy({
      kind,
      preview: isDry,
      project,
      stack: name,
      organization: ORGANIZATION,
      config: new Map([...config].map(([key, { value }]) => [key, value])),
      secretKeys: secretKeys(config),
      snapshot: checkpoint.snapshot,
      ...(client === undefined ? {} : { languageClient: client }),
      providers: providersOf(invocation),
      parallel: parallelOf(given.text('parallel') ?? parallelIn(invocation)),
      ...choiceOf(given, checkpoint.snapshot),
      refreshBefore: isRefreshedBefore(given.text('refresh'), file.project.refreshesAlways),
      continueOnError: continuesOnError(invocation),
      message: given.text('message') ?? '',
      ...(given.has('clear-pending-creates') ? { clearPendingCreates: true } : {}),
      emit,
      save: subject.save,
      resolveStack: (name) => outputsOfStack(invocation, paths, name),
      signal: invocation.signal,
      showSecrets: given.has('show-secrets'),
    });
  } catch (error) {
    // The engine's own failure is the one to report, whatever became of the event log.
    await log.close().catch(() => undefined);
    throw error;
  }
  display.end();
  await log.close();
  return { result, isExplained };
}

/** Whether `--exclude-protected` leaves nothing to destroy: the operation is not begun then. */
async function isAllProtected(invocation: Invocation, paths: StackPaths): Promise<boolean> {
  const given = invocation.arguments;
  if (!given.has('exclude-protected') || given.has('target')) return false;
  const { snapshot } = await requireStack(paths, passphrase(invocation));
  const count = protectedIn(snapshot).size;
  if (count < snapshot.resources.length) return false;
  invocation.print(
    `There were no unprotected resources to destroy. There are still ${count} protected resources associated with this stack.\n`,
  );
  return count > 0;
}

/** Turns a result into the command's end: nothing, or a Refusal with the real CLI's exit code. */
function conclude(invocation: Invocation, kind: DeploymentKind, isDry: boolean, outcome: Outcome): void {
  const { result, isExplained } = outcome;
  if (result.cancelled === true) throw new Refusal(result.error ?? `${kind} cancelled`);
  // Where diagnostics told why, the real CLI adds no words of its own.
  if (!result.ok)
    throw new Refusal(isExplained ? '' : (result.error ?? (isDry ? FAILED.preview : FAILED[kind])));
  const isUnchanged = Object.entries(result.counts).every(([op, count]) => op === 'same' || count === 0);
  if (invocation.arguments.has('expect-no-changes') && !isUnchanged) {
    throw new Refusal(`no changes were expected for ${kind} but changes were proposed`, 7);
  }
}

/** Providers that listen on a port come before the embedded ones. */
function providersOf({ env, providers }: Invocation): ProviderHost {
  const text = env['PULUMI_DEBUG_PROVIDERS'];
  if (text === undefined || text === '') return providers;
  const attached = attachedProviders(text);
  return async (name, version) => (await attached(name, version)) ?? providers(name, version);
}

async function outputsOfStack(
  invocation: Invocation,
  from: StackPaths,
  name: string,
): Promise<WireObject | undefined> {
  const checkpoint = await readStack(stackPaths(from.backend, name, from.project), passphrase(invocation));
  return checkpoint === undefined ? undefined : outputsOf(checkpoint.snapshot);
}

/** A journal beside the state holds steps of an update by a newer CLI that the state does not show. */
async function refuseJournal(paths: StackPaths): Promise<void> {
  if ((await namesIn(paths.journal)).length > 0) {
    throw new Refusal(
      `the embedded engine does not support journals, and ${paths.journal} has one: run an operation with the CLI that wrote it`,
    );
  }
}

function secretKeys(config: ReadonlyMap<string, ConfigValue>): Set<string> {
  return new Set([...config].filter(([, { isSecret }]) => isSecret).map(([key]) => key));
}

/** `--refresh`, before an operation; a project may ask for it always. */
function isRefreshedBefore(given: string | undefined, isAlways: boolean): boolean {
  if (given === undefined) return isAlways;
  const value = TRUTHS[given];
  if (value === undefined) throw new Refusal('unable to determine value for --refresh');
  return value;
}

/** As Go reads them. */
const TRUTHS: Readonly<Record<string, boolean>> = Object.fromEntries([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((text) => [text, true]),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map((text) => [text, false]),
]);

function parallelOf(text: string | undefined): number {
  if (text === undefined) return 16;
  const count = Number(text);
  if (!Number.isInteger(count)) throw new Refusal(`invalid argument "${text}" for "--parallel" flag`);
  return Math.max(1, count);
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
