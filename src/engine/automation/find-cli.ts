import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { lt, rcompare, valid } from 'semver';

const run = promisify(execFile);

/** The oldest CLI whose event stream the SDK can read over a socket. */
export const OLDEST_CLI = '3.206.0';

export type FoundCli =
  | { readonly command: string; readonly version: string }
  | { readonly missing: string; readonly remedy: string };

const REMEDY =
  'npm run engine -- install puts one into the Pulumi home; one that is elsewhere: engine: { kind: pulumi, command: /path/to/pulumi }';

/** The CLI below a folder of its own, as Pulumi's installer lays it out. */
export const cliIn = (folder: string): string => join(folder, 'bin', 'pulumi');

/** Where the CLI of a version is installed: the Pulumi home's place for it. */
export const versionFolder = (version: string, environment: NodeJS.ProcessEnv): string =>
  join(versions(environment), version);

const home = (environment: NodeJS.ProcessEnv): string =>
  environment['PULUMI_HOME'] ?? join(homedir(), '.pulumi');
const versions = (environment: NodeJS.ProcessEnv): string => join(home(environment), 'versions');

/**
 * Finds the real CLI once: the path the configuration names and no other, or else the first that works of PATH, the Pulumi
 * home, and the versions installed there, the newest first. Where none works, what is wrong with the first.
 */
export async function findCli(wanted: string | undefined, environment: NodeJS.ProcessEnv): Promise<FoundCli> {
  const there = (wanted === undefined ? places(environment) : [wanted]).filter(isExecutable);
  let first: FoundCli | undefined;
  for (const command of there) {
    const found = await look(command, environment);
    if ('command' in found) return found;
    first ??= found;
  }
  const missing =
    wanted === undefined ? 'there is no Pulumi CLI on PATH or in the Pulumi home' : `${wanted} is no program`;
  return first ?? { missing, remedy: REMEDY };
}

async function look(command: string, environment: NodeJS.ProcessEnv): Promise<FoundCli> {
  const env = { ...bare(environment), PULUMI_SKIP_UPDATE_CHECK: 'true' };
  const said = await run(command, ['version'], { env, timeout: 30_000 }).catch(() => undefined);
  const version = /v?(\d+\.\d+\.\d+)/.exec(said?.stdout ?? '')?.[1];
  if (version === undefined) return { missing: `${command} does not say its version`, remedy: REMEDY };
  if (lt(version, OLDEST_CLI))
    return { missing: `${command} is version ${version}, older than ${OLDEST_CLI}`, remedy: REMEDY };
  return { command, version };
}

/** A version needs no credentials, and the file that names the command is the repository's. */
const bare = ({ PATH, HOME, PULUMI_HOME, TMPDIR }: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries({ PATH, HOME, PULUMI_HOME, TMPDIR }).filter(([, value]) => value !== undefined),
  );

function places(environment: NodeJS.ProcessEnv): readonly string[] {
  const path = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const installed = versions(environment);
  const known = existsSync(installed) ? readdirSync(installed).filter((name) => valid(name) !== null) : [];
  return [
    ...path.map((folder) => join(folder, 'pulumi')),
    cliIn(home(environment)),
    ...known.sort(rcompare).map((version) => cliIn(join(installed, version))),
  ];
}

export function isExecutable(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // There, but not ours to run.
    return false;
  }
}
