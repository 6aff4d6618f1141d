import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The oldest CLI whose event stream the SDK can read over a socket. */
const OLDEST = [3, 206] as const;

export type FoundCli =
  | { readonly command: string; readonly version: string }
  | { readonly missing: string; readonly remedy: string };

const REMEDY = 'install the Pulumi CLI, or name it: engine: { kind: pulumi, command: /path/to/pulumi }';

/** Finds the real CLI once: the path the configuration names, then PATH, then the Pulumi home. */
export function findCli(wanted: string | undefined, environment: NodeJS.ProcessEnv): FoundCli {
  const home = environment['PULUMI_HOME'] ?? join(homedir(), '.pulumi');
  const places =
    wanted !== undefined
      ? [wanted]
      : [
          ...(environment['PATH'] ?? '')
            .split(delimiter)
            .filter((folder) => folder !== '')
            .map((folder) => join(folder, 'pulumi')),
          join(home, 'bin', 'pulumi'),
        ];
  const command = places.find(isExecutable);
  if (command === undefined)
    return {
      missing:
        wanted === undefined
          ? 'there is no Pulumi CLI on PATH or in the Pulumi home'
          : `${wanted} is no program`,
      remedy: REMEDY,
    };
  const { stdout, status } = spawnSync(command, ['version'], {
    encoding: 'utf8',
    env: { ...environment, PULUMI_SKIP_UPDATE_CHECK: 'true' },
    timeout: 30_000,
  });
  const version = /v?(\d+\.\d+\.\d+)/.exec(stdout ?? '')?.[1];
  if (status !== 0 || version === undefined)
    return { missing: `${command} does not say its version`, remedy: REMEDY };
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    return { missing: `${command} is version ${version}, older than ${OLDEST.join('.')}`, remedy: REMEDY };
  return { command, version };
}

function isExecutable(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // There, but not ours to run.
    return false;
  }
}
