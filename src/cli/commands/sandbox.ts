import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { cloudOf, type Project } from '../../core/project';
import { backendOf } from '../../engine/automation/backend';
import { SANDBOX_PASSPHRASE } from '../../engine/automation/environment';
import { serveSandbox } from '../../engine/sandbox/serve';
import { markState, openSandbox } from '../cloud';
import type { Call } from '../commands';
import { EXIT, type ExitCode } from '../exit';
import { withSession } from '../session';
import { Stop } from '../stop';

/** `sandbox serve`: the sandbox's providers on loopback ports, for plain `pulumi`, until Ctrl-C. */
export const sandboxServe = (call: Call): Promise<ExitCode> =>
  withSession(call, async ({ root, project }) => {
    const { out, options } = call;
    if (cloudOf(project.engine) !== 'sandbox')
      throw new Stop(EXIT.usage, 'this repository works on a real cloud: there is no sandbox to serve');
    markState(root, project);
    const cloud = openSandbox(root, project);
    const served = await serveSandbox(cloud);
    try {
      // Before anything is said: whoever reads it may stop us at once.
      const stopped = untilStopped();
      const line = `PULUMI_DEBUG_PROVIDERS=${served.attach}`;
      const file = options['portFile'];
      if (typeof file === 'string') writeFileSync(resolve(file), `${line}\n`);
      out.text(line);
      out.note('serving the sandbox; Ctrl-C ends it');
      out.note(`for plain pulumi: export ${line} ${plainPulumi(root, project)}`);
      if (out.isJson) out.result({ command: 'sandbox serve', exitCode: EXIT.done, providers: served.attach });
      await stopped;
      return EXIT.done;
    } finally {
      await served.close();
      cloud.close();
    }
  });

/** What else plain `pulumi` must be told to find the same state; a passphrase of one's own is known already. */
function plainPulumi(root: string, project: Project): string {
  const { PULUMI_CONFIG_PASSPHRASE: own, PULUMI_CONFIG_PASSPHRASE_FILE: file } = process.env;
  const passphrase = own ?? file;
  return [
    `PULUMI_BACKEND_URL=${backendOf(root, project)}`,
    ...(passphrase === undefined ? [`PULUMI_CONFIG_PASSPHRASE=${SANDBOX_PASSPHRASE}`] : []),
  ].join(' ');
}

function untilStopped(): Promise<void> {
  // An open port alone would do; the loop says that waiting is meant.
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
}
