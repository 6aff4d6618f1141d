import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Pin } from '../../src/core/project';
import { newCrypter } from '../../src/engine/embedded/state/secret';
import type { Operation } from '../../src/engine/port';
import { loadStore } from '../../src/vendor/store';
import { swapPins } from '../../src/vendor/swap';

const REPOSITORY = resolve(__dirname, '..', '..');
const PROJECT = 'bench';
const TIMEOUT = 600_000;

/** How many resources the component of every stack makes. */
export const RESOURCES = 32;
export const PASSPHRASE = 'sandbox';

/** One salt for all estates, as for a fleet: states can be copied between them. */
let crypter: ReturnType<typeof newCrypter> | undefined;
function theCrypter(): ReturnType<typeof newCrypter> {
  crypter ??= newCrypter(PASSPHRASE);
  return crypter;
}

/** A throw-away repository: one track, one component, many stacks. */
export interface Estate {
  readonly root: string;
  readonly stacks: readonly string[];
  readonly digest: string;
}

/** Of plain resources, so that no provider package is loaded: what is measured is ours and the SDK's. */
const FLEET = `
import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';

export const inputs = z.strictObject({ revision: z.number().int() });
export const outputs = z.object({ first: z.string() });

class Parameter extends pulumi.CustomResource {
  constructor(name: string, args: Record<string, unknown>, options: pulumi.CustomResourceOptions) {
    super('aws:ssm/parameter:Parameter', name, { ...args, arn: undefined }, options);
  }
}

export default class Fleet extends pulumi.ComponentResource {
  constructor(name: string, args: { revision: number }, options: pulumi.ComponentResourceOptions) {
    super('bench:fleet:Fleet', name, {}, options);
    const made = Array.from({ length: ${RESOURCES} }, (_, index) =>
      new Parameter(name + '-' + index, {
        name: '/' + pulumi.getStack() + '/' + index,
        type: 'String',
        value: 'revision ' + args.revision,
        tags: { Stack: pulumi.getStack(), Index: String(index) },
      }, { parent: this }),
    );
    (this as Record<string, unknown>).first = (made[0] as Record<string, unknown>).arn;
    this.registerOutputs({ first: made[0]?.urn });
  }
}
`;

/** Writes the repository of `size` stacks; nothing of it runs yet. */
export async function makeEstate(root: string, size: number): Promise<Estate> {
  const write = writerOf(root);
  write('package.json', '{ "name": "bench", "private": true }\n');
  write('Pulumi.yaml', `name: ${PROJECT}\nruntime: nodejs\nstackConfigDir: .pulumi-stacks\n`);
  write(
    'signalbox.yaml',
    `project: ${PROJECT}\nengine: { kind: embedded, parallel: 2, timeout: 10m }\nsandbox: { timeScale: 3600, seed: bench }\nchannels:\n  - { name: all, waves: [100%], soak: 5m }\n`,
  );
  write('tracks/only/track.yaml', 'track: only\ntrunk: { source: ., path: components }\ncomponents: {}\n');
  const { salt } = await theCrypter();
  const stacks = Array.from({ length: size }, (_, index) => `s-${String(index + 1).padStart(4, '0')}`);
  for (const stack of stacks) {
    write(`stacks/all/${stack}.yaml`, 'import: [../_shared/fleet.yaml]\nchannel: all\ntrack: only\n');
    write(`.pulumi-stacks/Pulumi.${stack}.yaml`, `encryptionsalt: ${salt}\n`);
  }
  setRevision({ root }, 1);
  const digest = loadStore(root).put(
    new Map([['index.ts', { content: Buffer.from(FLEET), executable: false }]]),
  );
  const pins: Record<string, Pin> = { fleet: { commit: '1'.repeat(40), digest } };
  const swapped = swapPins(root, { track: 'only', pins });
  if (!swapped.ok) throw new Error(swapped.problems.map(({ message }) => message).join('; '));
  symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'));
  return { root, stacks, digest };
}

/** Another revision changes every resource of every stack. */
export function setRevision({ root }: Pick<Estate, 'root'>, revision: number): void {
  writerOf(root)(
    'stacks/_shared/fleet.yaml',
    `components:\n  fleet: { inputs: { revision: ${revision} } }\noutputs: { first: { from: fleet.first } }\n`,
  );
}

/** The operations of all stacks, as the rollout would hand them to the engine. */
export function operationsOf({ stacks, digest }: Estate, revision: number): Operation[] {
  return stacks.map((stack) => ({
    project: PROJECT,
    stack,
    components: [{ name: 'fleet', component: 'fleet', digest, inputs: { revision } }],
    providers: {},
    outputs: { first: { from: 'fleet.first' } },
    variables: {},
    deployment: `bench-${revision}`,
    release: 'only.1',
    timeout: TIMEOUT as Operation['timeout'],
  }));
}

/** Gives the stacks of `to` the state of the stacks of `from`, over and over: creating a thousand is not what is measured. */
export function copyStates(from: Estate, to: Estate): void {
  const folder = ({ root }: Estate): string => join(root, '.signalbox/state/.pulumi/stacks', PROJECT);
  mkdirSync(folder(to), { recursive: true });
  const known = readdirSync(folder(from)).filter((name) => name.endsWith('.json'));
  const texts = known.map((name) => ({
    name: name.slice(0, -'.json'.length),
    text: readFileSync(join(folder(from), name), 'utf8'),
  }));
  to.stacks.forEach((stack, index) => {
    const source = texts[index % texts.length];
    if (!source) throw new Error('there is no state to copy');
    writeFileSync(join(folder(to), `${stack}.json`), source.text.replaceAll(source.name, stack));
  });
}

const writerOf =
  (root: string) =>
  (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
