import { findCli } from '../../engine/automation/find-cli';
import { type Installer, installCli, sdkInstaller } from '../../engine/automation/install-cli';
import type { Call } from '../commands';
import { EXIT, type ExitCode } from '../exit';
import { packageVersions } from '../packages';
import { readRoot } from '../session';
import { Stop } from '../stop';

/** How often it is said that a download goes on, in milliseconds of wall time. */
const EVERY = 5_000;

/** `engine install`: the Pulumi CLI into the Pulumi home, with the SDK's own installer. */
export const engineInstall = (call: Call): Promise<ExitCode> => installWith(call, sdkInstaller);

/** The same with another installer and home, for tests. */
export async function installWith(
  call: Call,
  installerOf: (root: string) => Installer,
  environment: NodeJS.ProcessEnv = process.env,
  every = EVERY,
): Promise<ExitCode> {
  const { out, options } = call;
  const root = await readRoot(call);
  const version = options['version'] ?? packageVersions(root)['@pulumi/pulumi'];
  if (typeof version !== 'string')
    throw new Stop(EXIT.usage, 'there is no @pulumi/pulumi here whose version could be installed', {
      remedy: 'npm ci, or name one: --version <version>',
    });
  out.note(`pulumi ${version}: asking Pulumi’s own installer`);
  const since = Date.now();
  const telling = setInterval(() => {
    out.note(`pulumi ${version}: still at it after ${Math.round((Date.now() - since) / 1000)} s`);
  }, every);
  const installed = await installCli(version, { environment, installer: installerOf(root) }).finally(() =>
    clearInterval(telling),
  );
  switch (installed.is) {
    case 'refused':
      throw new Stop(EXIT.usage, installed.message);
    case 'failed':
      throw new Stop(EXIT.failed, `pulumi ${version} could not be installed: ${installed.message}`, {
        remedy:
          'it is downloaded once, from Pulumi’s site. Without a way there: install the Pulumi CLI by hand and name it, engine: { kind: pulumi, command: /path/to/pulumi }',
      });
    case 'installed':
    case 'there already': {
      const { is, command, version: number } = installed;
      out.text(
        `${out.paint.good('✔')} pulumi ${number} ${is === 'installed' ? 'installed' : 'is there already'}: ${command}`,
      );
      const next = await nextOf(command, environment);
      out.text(`  next: ${next}`);
      out.result({
        command: 'engine install',
        outcome: is,
        engine: command,
        version: number,
        next,
        exitCode: EXIT.done,
      });
      return EXIT.done;
    }
  }
}

/** What to write into signalbox.yaml: another CLI may come before this one. */
async function nextOf(command: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const found = await findCli(undefined, environment);
  const isFirst = 'command' in found && found.command === command;
  const engine = isFirst ? '{ kind: pulumi }' : `{ kind: pulumi, command: ${command} }`;
  const why = isFirst || !('command' in found) ? '' : ` (${found.command} would come first otherwise)`;
  return `engine: ${engine} in signalbox.yaml${why}, then npm run doctor`;
}
