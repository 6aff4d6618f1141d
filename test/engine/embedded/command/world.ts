import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type InlineProgramArgs, LocalWorkspace, type Stack } from '@pulumi/pulumi/automation';
import { embeddedCommand } from '../../../../src/engine/embedded/command/command';

/** A project folder and a backend folder, driven through the public Automation API. */
export class World {
  readonly root = mkdtempSync(join(tmpdir(), 'signalbox-command-'));
  readonly work = join(this.root, 'work');
  readonly state = join(this.root, 'state');

  constructor() {
    mkdirSync(this.work);
    mkdirSync(this.state);
    writeFileSync(join(this.work, 'Pulumi.yaml'), 'name: shop\nruntime: nodejs\n');
  }

  stack(program: InlineProgramArgs['program'] = async () => ({}), given: Given = {}): Promise<Stack> {
    const { name = 'dev', env = {}, how = 'createOrSelectStack' } = given;
    return LocalWorkspace[how](
      { stackName: name, projectName: 'shop', program },
      {
        workDir: this.work,
        pulumiCommand: embeddedCommand({ providers: async () => undefined }),
        envVars: {
          PULUMI_BACKEND_URL: `file://${this.state}`,
          PULUMI_CONFIG_PASSPHRASE: 'p',
          ...env,
        },
      },
    );
  }

  kept(...path: string[]): string {
    return join(this.state, '.pulumi', ...path);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

export interface Given {
  readonly name?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly how?: 'createOrSelectStack' | 'createStack' | 'selectStack';
}

/** The error that a promise ends with; fails where it ends well. */
export async function failure(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('expected an error, but it went through');
}
