import { fork } from 'node:child_process';
import { extname, join } from 'node:path';
import type { ServeAnswer, ServeSettings } from './serve-child';

/** Many calls at once, all short-lived: a smaller young generation would copy them, and only grow while they wait. */
export const YOUNG: readonly string[] = ['--max-semi-space-size=32', '--min-semi-space-size=32'];

/** A sandbox that a process of its own serves. */
export interface SandboxProcess {
  /** The value of `PULUMI_DEBUG_PROVIDERS` for engines that are to work on it. */
  readonly attach: string;
  close(): Promise<void>;
}

/**
 * Serves the sandbox from a process of its own: it goes on for engines at work when this one is killed, and it leaves when
 * nobody is connected any more. Errors: the sandbox's file cannot be opened, no port can be had.
 */
export async function startSandboxProcess(settings: ServeSettings): Promise<SandboxProcess> {
  const extension = extname(__filename);
  const isSource = extension === '.ts';
  const child = fork(join(__dirname, `serve-child${extension}`), [], {
    env: {
      ...kept(process.env),
      // From source: the repository at work need not be the one that holds the settings of the transpiler.
      ...(isSource ? { TS_NODE_PROJECT: join(__dirname, '..', '..', '..', 'tsconfig.json') } : {}),
    },
    execArgv: [
      ...(isSource ? ['-r', require.resolve('ts-node/register')] : []),
      '--disable-warning=ExperimentalWarning',
      ...YOUNG,
    ],
    // A group of its own: what ends the driver's group is not to end the cloud under an engine at work.
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const told = await new Promise<ServeAnswer>((resolve, reject) => {
    child.once('message', (answer: ServeAnswer) => resolve(answer));
    child.once('error', reject);
    child.once('exit', (code) => resolve({ error: `its process ended (${code})` }));
    child.send(settings, () => {});
  });
  if ('error' in told) {
    child.kill();
    throw new Error(`the sandbox cannot be served: ${told.error}`);
  }
  return {
    attach: told.attach,
    async close() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

const kept = ({ PATH, HOME, TMPDIR }: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({ PATH, HOME, TMPDIR });
