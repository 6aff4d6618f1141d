import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as sdk from '@pulumi/pulumi';
import type * as automation from '@pulumi/pulumi/automation';

/**
 * What one would write without Signalbox: `loop <folder> <preview|up> <stacks> <resources> <revision> <parallel>` runs
 * createOrSelectStack and the operation for every stack on the real CLI, with inline programs of the same resources.
 */
async function loop([
  folder = '',
  kind = '',
  stacks = '',
  resources = '',
  revision = '',
  parallel = '',
]: readonly string[]) {
  const require = createRequire(join(folder, 'package.json'));
  const pulumi = require('@pulumi/pulumi') as typeof sdk;
  const { LocalWorkspace, PulumiCommand, Stack } = require('@pulumi/pulumi/automation') as typeof automation;
  const command = await PulumiCommand.get({
    root: process.env['BENCH_CLI_ROOT'] ?? '',
    skipVersionCheck: true,
  });
  class Parameter extends pulumi.CustomResource {}
  class Fleet extends pulumi.ComponentResource {
    constructor(name: string) {
      super('bench:fleet:Fleet', name, {}, {});
      for (let index = 0; index < Number(resources); index++) {
        const args = {
          name: `/${pulumi.getStack()}/${index}`,
          type: 'String',
          value: `revision ${revision}`,
          tags: { Stack: pulumi.getStack(), Index: String(index) },
        };
        new Parameter('aws:ssm/parameter:Parameter', `${name}-${index}`, args, { parent: this });
      }
      this.registerOutputs({});
    }
  }
  const names = Array.from(
    { length: Number(stacks) },
    (_, index) => `s-${String(index + 1).padStart(4, '0')}`,
  );
  const counts: Record<string, number> = {};
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let name = names[next++]; name !== undefined; name = names[next++]) {
      const program = async () => ({ made: new Fleet('fleet').urn });
      const workspace = await LocalWorkspace.create({ workDir: folder, program, pulumiCommand: command });
      const stack = await Stack.createOrSelect(name, workspace);
      const summary =
        kind === 'up'
          ? ((await stack.up()).summary.resourceChanges ?? {})
          : (await stack.preview()).changeSummary;
      for (const [op, count] of Object.entries(summary)) counts[op] = (counts[op] ?? 0) + (count ?? 0);
    }
  };
  await Promise.all(Array.from({ length: Number(parallel) }, worker));
  writeSync(1, `${JSON.stringify({ stacks: names.length, counts })}\n`);
}

void loop(process.argv.slice(2));
