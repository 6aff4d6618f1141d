import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { YOUNG } from '../../src/engine/sandbox/serve-process';
import { copyStates, type Estate, makeEstate, PASSPHRASE, RESOURCES } from './estate';
import type { Look } from './measure';
import type { Measured, Workshop } from './workshop';

/** How many operations of the real CLI run at once, ours and the loop's. */
const PARALLEL = 3;

/** The CLI that `SIGNALBOX_PULUMI` names, if any. */
export const realCli = (): string | undefined => process.env['SIGNALBOX_PULUMI'] || undefined;

/** An estate on the real CLI over the served sandbox, in the state that the embedded engine made (or in none). */
export async function realEstate(shop: Workshop, root: string, isCreated: boolean): Promise<Estate> {
  const { estate } = await shop.created();
  const real = await makeEstate(root, estate.stacks.length);
  const file = join(root, 'signalbox.yaml');
  const engine = `engine: { kind: pulumi, cloud: sandbox, command: ${JSON.stringify(realCli())}, parallel: ${PARALLEL}, timeout: 10m }`;
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^engine: .*$/m, engine));
  mkdirSync(join(root, '.signalbox', 'state'), { recursive: true });
  if (isCreated) copyStates(estate, real);
  return real;
}

/** The plain loop over all stacks of an estate, against the same sandbox. */
export async function plainLoop(
  shop: Workshop,
  estate: Estate,
  {
    kind,
    revision,
    look,
  }: { readonly kind: 'preview' | 'up'; readonly revision: number; readonly look: Look },
): Promise<Measured> {
  const cli = realCli();
  if (cli === undefined) throw new Error('SIGNALBOX_PULUMI names no CLI');
  const bin = join(estate.root, 'cli', 'bin');
  mkdirSync(bin, { recursive: true });
  if (!existsSync(join(bin, 'pulumi'))) symlinkSync(cli, join(bin, 'pulumi'));
  const served = await serve(shop, estate);
  try {
    const numbers = [estate.stacks.length, RESOURCES, revision, PARALLEL].map(String);
    const variables = {
      BENCH_CLI_ROOT: join(estate.root, 'cli'),
      PULUMI_BACKEND_URL: `file://${join(estate.root, '.signalbox', 'state')}`,
      PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
      PULUMI_DEBUG_PROVIDERS: served.attach,
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      // As ours: otherwise the loop would wait for the network before each operation.
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
    };
    const args = [shop.file('loop'), estate.root, kind, ...numbers];
    const taken = await shop.node(estate, args, variables, look);
    if (taken.code !== 0) throw new Error(`the plain loop failed: ${taken.errors.slice(-500)}`);
    return taken;
  } finally {
    served.process.kill('SIGTERM');
  }
}

async function serve(shop: Workshop, { root }: Estate): Promise<{ attach: string; process: ChildProcess }> {
  const file = join(root, 'ports');
  const process = spawn(
    globalThis.process.execPath,
    // Neither is to have the better cloud.
    [...YOUNG, shop.file('bin'), 'sandbox', 'serve', '--port-file', file],
    {
      cwd: root,
      stdio: 'ignore',
    },
  );
  for (let tries = 0; tries < 300; tries++) {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (text.includes('\n')) return { attach: text.slice(text.indexOf('=') + 1).trim(), process };
    if (process.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  process.kill('SIGKILL');
  throw new Error('the sandbox could not be served');
}
