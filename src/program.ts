import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { loadProject } from './config/load';
import { pinnedContents } from './core/pinned';
import { instant } from './core/time';
import { mount } from './engine/automation/mount';
import { stackProgram } from './engine/automation/program';
import { operationOf } from './rollout/operation';
import { ensureContent } from './vendor/pull';
import { seedStore } from './vendor/seed';

/**
 * The program of plain `pulumi`, without Signalbox around it: what the files say the selected stack runs, with every track
 * at its pins. Its state is that of Signalbox. Resolves to the stack's outputs. Errors: the repository's files have
 * problems, which are all named; no such stack.
 */
export async function program(): Promise<Record<string, unknown>> {
  const root = pulumi.getRootDirectory();
  const stack = pulumi.getStack();
  const loaded = await loadProject(root, instant(Date.now()));
  if (!loaded.ok) throw new Error(inWords(loaded.problems));
  const { project } = loaded;
  const configured = project.stacks[stack];
  if (!configured) throw new Error(`no file under stacks/ describes the stack ${stack}`);
  const contents = pinnedContents(configured, project);
  const seeded = seedStore(root);
  if (!seeded.ok) throw new Error(inWords(seeded.problems));
  const pins = Object.values(configured.components).flatMap(({ component, pin }) =>
    pin ? [[component, pin] as const] : [],
  );
  const found = await ensureContent(root, Object.fromEntries(pins));
  if (!found.ok) throw new Error(inWords(found.problems));
  const operation = operationOf(
    { project, variables: () => ({}) },
    { stack, contents, deployment: '', release: '' },
  );
  const require = createRequire(join(root, 'package.json'));
  const { component } = await mount(root, operation, require);
  return stackProgram(operation, {
    pulumi: require('@pulumi/pulumi') as typeof pulumi,
    absent: new Set(),
    component,
    provider: (name) => require(`@pulumi/${name}`),
  })();
}

const inWords = (
  problems: readonly { readonly file?: string; readonly line?: number; readonly message: string }[],
): string =>
  problems
    .map(
      ({ file, line, message }) =>
        `${[file, line].filter((part) => part !== undefined).join(':')} ${message}`,
    )
    .join('\n');
