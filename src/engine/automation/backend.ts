import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Project } from '../../core/project';
import { backendOf as folderOf } from '../embedded/state/backend';
import { CliState } from './cli-state';
import { execute } from './execute';
import type { Runs } from './runs';
import { FileState } from './state';
import type { States } from './states';
import type { VariablesOf } from './variables';

/** The backend of a project's stacks as a URL; by default a folder of this repository. */
export const backendOf = (root: string, { engine }: Project): string =>
  engine.backend ?? pathToFileURL(join(root, '.signalbox', 'state')).href;

/** The states in a backend: files are read directly, everything else through the CLI. */
export function openStates(
  of: {
    readonly root: string;
    readonly project: Project;
    readonly cli?: { readonly command: string };
    readonly variables?: VariablesOf;
  },
  by: { readonly backend: string; readonly runs: Runs; readonly environment: NodeJS.ProcessEnv },
): States {
  const { root, project, cli } = of;
  const { backend, runs, environment } = by;
  if (backend.startsWith('file://')) {
    const folder = pathToFileURL(folderOf({ PULUMI_BACKEND_URL: backend }, root).root).href;
    return new FileState(folder, project.name, runs);
  }
  if (!cli) throw new Error(`the backend ${backend.split('://')[0]}:// needs the Pulumi CLI`);
  return new CliState(
    (args, stack) =>
      execute({
        command: cli.command,
        args: [...args, '--non-interactive'],
        cwd: root,
        env: {
          ...environment,
          ...of.variables?.(project.stacks[stack]?.environment),
          PULUMI_BACKEND_URL: backend,
        },
        logs: join(root, '.signalbox', 'logs', 'cli'),
      }),
    runs,
  );
}
