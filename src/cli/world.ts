import { createHash, randomBytes } from 'node:crypto';
import type { Hash } from '../core/digest';
import { roomOf } from '../core/room';
import { answeringByGoal } from '../engine/automation/by-goal';
import { automationEngine, parallelOf } from '../engine/automation/engine';
import { findCli } from '../engine/automation/find-cli';
import { configOf, goalSource, versionsOf } from '../engine/automation/goal';
import { variablesOf } from '../engine/automation/variables';
import { sandboxAccess } from '../engine/sandbox/access';
import { startListener } from '../engine/sandbox/listener';
import { startSandboxProcess } from '../engine/sandbox/serve-process';
import { createHealth } from '../health/health';
import { thisProcess } from '../ledger/holder';
import type { Observer, Ports } from '../rollout/ports';
import { promoteSnapshots } from '../vendor/pull';
import { isOnSandbox, markState, openSandbox } from './cloud';
import { EXIT } from './exit';
import { packageVersions } from './packages';
import type { Session } from './session';
import { Stop } from './stop';
import { wallClock } from './wall-clock';

/** The adapters of one command: what rollouts and previews work with. */
export interface World {
  readonly ports: Ports;
  /** Digest of the SDK and provider versions that programs run with. */
  readonly sdk: string;
  close(): Promise<void>;
}

export const sha256: Hash = (text) => createHash('sha256').update(text).digest('hex');

/** `sample`: how many stacks that the goal digest answers are previewed all the same; undefined: it answers none. */
export async function openWorld(
  session: Session,
  observer: Observer,
  options: { readonly sample?: number },
): Promise<World> {
  const opened: Closing[] = [];
  const close = async (): Promise<void> => {
    for (const each of opened.splice(0).reverse()) await each();
  };
  try {
    return { ...(await adapters(session, observer, { ...options, opened })), close };
  } catch (error) {
    // What was opened before would keep the process from ending.
    await close();
    throw error;
  }
}

type Closing = () => unknown;

async function adapters(
  session: Session,
  observer: Observer,
  { sample, opened }: { readonly sample?: number; readonly opened: Closing[] },
): Promise<Omit<World, 'close'>> {
  const { root, project, ledger, actor } = session;
  markState(root, project);
  // To ask the CLI for its version takes as long as to serve the sandbox.
  const finding = project.engine.kind === 'pulumi' ? findCli(project.engine.command, process.env) : undefined;
  const cloud = isOnSandbox(project) ? openSandbox(root, project) : undefined;
  if (cloud) opened.push(() => cloud.close());
  const listener = cloud ? await startListener(cloud) : undefined;
  if (listener) opened.push(() => listener.close());
  const served = finding && cloud ? await startSandboxProcess(sandboxAccess(root, project)) : undefined;
  if (served) opened.push(() => served.close());
  const cli = await finding;
  if (cli !== undefined && 'missing' in cli) throw new Stop(EXIT.usage, cli.missing, { remedy: cli.remedy });
  const variables = variablesOf(root, project);
  const plain = automationEngine({
    root,
    project,
    variables,
    ...(cli ? { cli } : {}),
    ...(served ? { attach: served.attach } : {}),
  });
  const packages = versionsOf(root);
  const source = sample === undefined ? undefined : goalSource(root, project, plain.title, packages);
  const engine =
    source === undefined || sample === undefined ? plain : answeringByGoal(plain, { root, source, sample });
  opened.push(() => engine.close());
  const health = createHealth(
    listener ? { resolve: () => ({ address: '127.0.0.1', port: listener.port }) } : {},
  );
  const versions = sha256(JSON.stringify([engine.title, ...packages]));
  const ports: Ports = {
    project,
    ledger,
    engine,
    health,
    clock: cloud?.clock ?? wallClock,
    pins: {
      restore: async (track, pins) => {
        const restored = await promoteSnapshots({ root, track, pins });
        if (!restored.ok)
          throw new Stop(EXIT.usage, `the pins of ${track} could not be put back`, {
            problems: restored.problems,
          });
      },
    },
    holder: thisProcess(actor),
    hash: sha256,
    unique: () => randomBytes(3).toString('hex'),
    variables,
    given: async (stack) => ({ configuration: sha256(await configOf(root, stack)), versions }),
    room: roomOf(project, parallelOf(project)),
    observer,
  };
  return {
    ports,
    sdk: sha256(JSON.stringify(packageVersions(root))),
  };
}
