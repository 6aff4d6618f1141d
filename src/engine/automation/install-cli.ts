import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as automation from '@pulumi/pulumi/automation';
import { lt, SemVer, valid } from 'semver';
import { redact } from '../../core/redact';
import { cliIn, isExecutable, OLDEST_CLI, versionFolder } from './find-cli';

/** Puts the CLI of a version below a folder, as `bin/pulumi`, or finds it there. Rejects where it cannot be had. */
export type Installer = (wanted: { readonly version: string; readonly folder: string }) => Promise<unknown>;

export type Installed =
  | { readonly is: 'installed' | 'there already'; readonly command: string; readonly version: string }
  /** No such version can be meant: nothing was tried. */
  | { readonly is: 'refused'; readonly message: string }
  | { readonly is: 'failed'; readonly message: string };

/** Pulumi's own installer, as the SDK of the user's repository runs it: downloads from Pulumi's site. */
export function sdkInstaller(root: string): Installer {
  const { PulumiCommand } = createRequire(join(root, 'package.json'))(
    '@pulumi/pulumi/automation',
  ) as typeof automation;
  return ({ version, folder }) => PulumiCommand.install({ version: new SemVer(version), root: folder });
}

/** Installs the CLI of a version into its place in the Pulumi home, where `findCli` looks. */
export async function installCli(
  wanted: string,
  { environment, installer }: { readonly environment: NodeJS.ProcessEnv; readonly installer: Installer },
): Promise<Installed> {
  const version = valid(wanted);
  if (version === null) return { is: 'refused', message: `"${wanted}" is no version, such as ${OLDEST_CLI}` };
  if (lt(version, OLDEST_CLI))
    return { is: 'refused', message: `version ${version} is older than ${OLDEST_CLI}` };
  const folder = versionFolder(version, environment);
  const command = cliIn(folder);
  if (isExecutable(command)) return { is: 'there already', command, version };
  try {
    await installer({ version, folder });
  } catch (error) {
    return { is: 'failed', message: reasonOf(error) };
  }
  if (isExecutable(command)) return { is: 'installed', command, version };
  return { is: 'failed', message: `the installer ended without a word, yet there is no ${command}` };
}

/** The line of an installer's output that tells why; a script's whole output is in its error. */
function reasonOf(error: unknown): string {
  const text = redact(error instanceof Error ? error.message : String(error));
  const lines = text.split('\n').map((line) => line.trim());
  const told = lines.find((line) => /^(error|curl|wget|tar)\b.*:|^Failed to|^Timed out/i.test(line));
  return told ?? lines.find((line) => line !== '') ?? 'no reason was given';
}
