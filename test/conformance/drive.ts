import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import {
  type ConfigMap,
  type EngineEvent,
  LocalWorkspace,
  type PulumiCommand,
  type PulumiFn,
  type Stack,
} from '@pulumi/pulumi/automation';
import { embeddedCommand } from '../../src/engine/embedded/command/command';
import type { Corpus, Outcome, Scenario, Step } from './corpus';

/** The passphrase the recordings were made under. */
export const PASSPHRASE = 'conformance';
const PROJECT = 'conf';
const STEP_LIMIT = 60_000;

interface Lab {
  readonly port: number;
  readonly world: Record<string, unknown>;
  take(): unknown[];
  stop(): void;
}

/**
 * Runs a scenario's steps, in order, on one state, through the public Automation API over an engine (the embedded one, if
 * none is given); the lab provider is attached by its port. Yields each outcome as it comes; a step that hangs or breaks
 * the process ends the run.
 */
export async function* drive(
  corpus: Corpus,
  scenario: Scenario,
  command: PulumiCommand = embeddedCommand({ providers: async () => undefined }),
): AsyncGenerator<Outcome> {
  const { programOf } = require(corpus.interpreter) as {
    programOf(sdk: typeof pulumi, program: unknown): PulumiFn;
  };
  const lab = await (require(corpus.provider) as { start(): Promise<Lab> }).start();
  const root = mkdtempSync(join(tmpdir(), 'signalbox-conformance-'));
  try {
    const workDir = join(root, 'project');
    const state = join(root, 'state');
    mkdirSync(workDir);
    mkdirSync(state);
    writeFileSync(join(workDir, 'Pulumi.yaml'), `name: ${PROJECT}\nruntime: nodejs\n`);
    for (const step of scenario.steps) {
      for (const key of Object.keys(lab.world)) delete lab.world[key];
      Object.assign(lab.world, step.world);
      lab.take();
      const events: EngineEvent[] = [];
      const stackName = step.stack ?? 'dev';
      const checkpoint = join(state, '.pulumi', 'stacks', PROJECT, `${stackName}.json`);
      if (step.project !== undefined) writeFileSync(join(workDir, 'Pulumi.yaml'), step.project);
      if (step.edit !== undefined) editState(checkpoint, step.edit);
      const ended = await limited(async () => {
        const stack = await LocalWorkspace.createOrSelectStack(
          { stackName, projectName: PROJECT, program: programOf(pulumi, step.program) },
          {
            workDir,
            pulumiCommand: command,
            pulumiHome: join(root, 'home'),
            envVars: {
              PULUMI_BACKEND_URL: `file://${state}`,
              PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
              PULUMI_DEBUG_PROVIDERS: `lab:${lab.port}`,
              PULUMI_SKIP_UPDATE_CHECK: 'true',
              ...step.env,
            },
          },
        );
        if (step.config !== undefined) await stack.setAllConfig(configOf(step.config));
        return perform(stack, step, (event) => events.push(event));
      });
      yield {
        ...ended,
        events: structuredClone(events),
        provider: structuredClone(lab.take()),
        state: readState(checkpoint),
      };
    }
  } finally {
    lab.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

async function perform(
  stack: Stack,
  { op, options: more }: Step,
  onEvent: (event: EngineEvent) => void,
): Promise<unknown> {
  const options = { parallel: 1, color: 'never', suppressProgress: true, onEvent, ...more } as const;
  switch (op) {
    case 'preview': {
      const { changeSummary } = await stack.preview(options);
      return { changeSummary };
    }
    case 'up': {
      const { outputs, summary } = await stack.up(options);
      return { outputs, summary: brief(summary) };
    }
    case 'refresh':
      return { summary: brief((await stack.refresh(options)).summary) };
    case 'destroy':
      return { summary: brief((await stack.destroy(options)).summary) };
  }
}

/** What history says last; nothing before the first update. */
function brief(summary: { kind: string; result: string; resourceChanges?: unknown } | undefined) {
  if (summary === undefined) return undefined;
  const { kind, result, resourceChanges } = summary;
  return { kind, result, resourceChanges };
}

function configOf(config: NonNullable<Step['config']>): ConfigMap {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, typeof value === 'string' ? { value } : value]),
  );
}

function editState(path: string, edit: NonNullable<Step['edit']>): void {
  const state = JSON.parse(readFileSync(path, 'utf8'));
  for (const resource of state.checkpoint.latest.resources) {
    Object.assign(resource, edit[resource.urn.split('::').pop()]);
  }
  writeFileSync(path, JSON.stringify(state));
}

function readState(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message : String(error) };
  }
}

/** Runs one step, with an end: a program that hangs fails its step only. Late errors of the program count as the step's. */
async function limited(work: () => Promise<unknown>): Promise<Pick<Outcome, 'result' | 'error'>> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end within ${STEP_LIMIT / 1000} s`)), STEP_LIMIT);
  });
  try {
    return { result: await Promise.race([work(), limit]) };
  } catch (error) {
    if (!(error instanceof Error)) return { error: { name: 'unknown', message: String(error) } };
    return { error: { name: error.name, message: error.message } };
  } finally {
    clearTimeout(timer);
  }
}
