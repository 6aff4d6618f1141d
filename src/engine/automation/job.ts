import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as sdk from '@pulumi/pulumi';
import type * as automation from '@pulumi/pulumi/automation';
import type { ProviderHost } from '../embedded/provider';
import type { Preview, Progress, Result, Update } from '../port';
import { isDescribed } from '../sandbox/described';
import { Changes } from './changes';
import { cliCommand, StillRunning } from './command';
import { type Connections, connections } from './connections';
import { failureOf } from './failure';
import { hideIn, hideInFailure, hideInUrn } from './hide';
import { type ChildSettings, failed, type Job } from './message';
import { type Mount, mount } from './mount';
import { MountInUse } from './mount-lock';
import { postpone } from './postpone';
import { stackProgram } from './program';
import { type RunNote, Runs } from './runs';
import { Secrets, veil } from './secrets';
import { lend } from './variables';

/** A child that drives the CLI is ready sooner without the embedded engine. */
const embedded = () => require('../embedded/command/command') as typeof import('../embedded/command/command');

/** Runs jobs in a forked child, one at a time, through the public Automation API of the user's own SDK. */
export interface JobRunner {
  run(
    job: Job,
    signal: AbortSignal,
    onProgress: (progress: Progress) => void,
  ): Promise<Result<Preview | Update>>;
}

export function jobRunner(settings: ChildSettings, providers: ProviderHost): JobRunner {
  const require = createRequire(join(settings.root, 'package.json'));
  postpone(createRequire(require.resolve('@pulumi/pulumi')));
  const pulumi = require('@pulumi/pulumi') as typeof sdk;
  const { LocalWorkspace, Stack } = require('@pulumi/pulumi/automation') as typeof automation;
  silenceDebugging(pulumi);
  const runs = new Runs(join(settings.root, '.signalbox', 'runs'));
  let note: () => RunNote | undefined = () => undefined;
  let observe: (event: automation.EngineEvent) => void = () => {};
  // What programs leave behind may still speak when others run: nothing that this process ever learned is printed.
  const printed = new Secrets();
  veil([process.stdout, process.stderr], (text) => printed.hide(text));
  const command =
    settings.kind === 'embedded'
      ? embedded().embeddedCommand({ providers, observe: (event) => observe(event) })
      : cliCommand({
          command: settings.command ?? 'pulumi',
          version: settings.version ?? '3.258.0',
          logs: join(settings.root, '.signalbox', 'logs', 'cli'),
          note: () => note(),
          failed: (result) => createCommandError(require, result),
        });

  const work = async (
    job: Job,
    signal: AbortSignal,
    changes: Changes,
    mounted: Mount,
    secrets: Secrets,
    links: Connections,
  ): Promise<Result<Preview | Update>> => {
    const { operation } = job;
    const program = stackProgram(operation, {
      pulumi,
      absent: new Set(job.absent),
      component: mounted.component,
      provider: (name) => require(`@pulumi/${name}`),
    });
    const workspace = await LocalWorkspace.create({
      workDir: settings.root,
      program: () => {
        secrets.learn(pulumi);
        printed.learn(pulumi);
        links.learn(pulumi);
        return program();
      },
      pulumiCommand: command,
      envVars: { ...operation.variables, PULUMI_BACKEND_URL: settings.backend },
    });
    // The driver has made the empty state and outputs come with the events: each of these would be one more process.
    workspace.selectStack = async () => {};
    workspace.stackOutputs = async () => ({});
    const stack = await Stack.select(operation.stack, workspace);
    stack.info = async () => undefined;
    const { parallel } = settings;
    observe = changes.take;
    await invoke(stack, job, {
      // The embedded engine tells its events without the detour over the Automation API's own server.
      ...(settings.kind === 'embedded' ? {} : { onEvent: changes.take }),
      signal,
      ...(parallel === undefined ? {} : { parallel }),
    });
    const { counts, diagnostics } = changes;
    if (!counts) {
      const kind = job.kind === 'preview' ? 'failed' : 'lost';
      return failed({
        kind,
        message: 'the engine ended without a summary: what it did is unknown',
        diagnostics,
      });
    }
    const value = {
      changes: changes.changes,
      counts,
      ...(job.isRefreshed ? { drift: changes.drift } : {}),
      outputs: changes.outputs,
      stateVersion: '',
      diagnostics,
      ...(links.invoked.length > 0 ? { invoked: links.invoked } : {}),
    };
    return { ok: true, value };
  };

  return {
    async run(job, signal, onProgress) {
      const { stack, variables } = job.operation;
      const secrets = new Secrets();
      const hide = (text: string): string => secrets.hide(text);
      const changes = new Changes(
        (step) => onProgress({ ...step, urn: hideInUrn(step.urn, hide) }),
        settings.cloud === 'sandbox' ? isDescribed : undefined,
      );
      const links = connections();
      const takeBack = lend(variables);
      let mounted: Mount | undefined;
      const isWriting = job.kind !== 'preview';
      try {
        mounted = await mount(settings.root, job.operation, require, signal);
        note = () => (isWriting ? runs.noting(stack) : undefined);
        if (isWriting && settings.kind === 'embedded') runs.begin(stack, process.pid);
        const result = await work(job, signal, changes, mounted, secrets, links);
        // Kept after a failure: a CLI that had to be killed leaves its lock, and this alone tells that it is ours.
        if (isWriting && result.ok) runs.end(stack);
        return hideIn(result, hide);
      } catch (error) {
        if (error instanceof MountInUse)
          return failed({ kind: 'locked', message: `another command works on ${stack}`, diagnostics: [] });
        if (error instanceof StillRunning)
          return failed(
            hideInFailure({ kind: 'lost', message: error.message, diagnostics: changes.diagnostics }, hide),
          );
        if (isWriting && !signal.aborted) runs.failed(stack, job.operation.deployment);
        return failed(hideInFailure(failureOf(error, changes.diagnostics, signal.aborted), hide));
      } finally {
        links.close();
        takeBack();
        mounted?.release();
      }
    },
  };
}

/**
 * The SDK tells its engine of every property that it serialises, a hundred calls in an operation, and engines hand that back
 * in plain text, secrets too. Nobody would see it: it is dropped on receipt.
 */
function silenceDebugging({ log }: typeof sdk): void {
  const silence: Pick<typeof log, 'debug'> = { debug: () => Promise.resolve() };
  Object.assign(log, silence);
}

function invoke(
  stack: automation.Stack,
  job: Job,
  options: { onEvent?(event: automation.EngineEvent): void; signal: AbortSignal },
): Promise<unknown> {
  const message = job.operation.deployment;
  switch (job.kind) {
    case 'preview':
      return stack.preview({ ...options, message, ...(job.isRefreshed ? { refresh: true } : {}) });
    case 'up':
      return stack.up({ ...options, message });
    case 'refresh':
      return stack.refresh({ ...options, message });
    case 'destroy':
      return stack.destroy({ ...options, message });
  }
}

/** The SDK's own classification of a failed command (`ConcurrentUpdateError`, `StackNotFoundError`…). */
function createCommandError(require: NodeJS.Require, result: unknown): Error {
  const errors = require('@pulumi/pulumi/automation/errors') as {
    createCommandError(result: unknown): Error;
  };
  return errors.createCommandError(result);
}
