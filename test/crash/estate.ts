import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Pin } from '../../src/core/project';
import type { Checked } from '../../src/vendor/port';
import { loadStore } from '../../src/vendor/store';
import { swapPins } from '../../src/vendor/swap';

const REPOSITORY = resolve(__dirname, '..', '..');

export const STACKS = ['near', 'far-1', 'far-2'] as const;

/** Two after the first; what the third changes can be taken back without losing data, and its label says that it is ill. */
export type Version = 1 | 2 | 3;

/** A network: its second version updates, replaces, deletes and creates; so does its third, but nothing that holds data. */
const NETWORK = (version: Version): string => `
import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';

export const inputs = z.strictObject({ net: z.number() });
export const outputs = z.object({ vpcId: z.string(), gateway: z.string(), label: z.string() });

export default class Network extends pulumi.ComponentResource {
  constructor(name, args, options) {
    super('crash:net:Network', name, {}, options);
    const parent = { parent: this };
    const tags = { Version: '${version}' };
    const vpc = new aws.ec2.Vpc(name, { cidrBlock: \`10.\${args.net}.0.0/16\`${version === 2 ? ', tags' : ''} }, parent);
    const subnet = (zone, third) =>
      new aws.ec2.Subnet(\`\${name}-\${zone}\`, { vpcId: vpc.id, cidrBlock: \`10.\${args.net}.\${third}.0/24\` }, parent);
    subnet('a', ${version === 2 ? 11 : 1});
    subnet('b', 2);
    const last = subnet('${version === 2 ? 'd' : 'c'}', 3);
    const gateway = new aws.ec2.InternetGateway(name, { vpcId: vpc.id, tags }, parent);
    new aws.ec2.SecurityGroup(name, { vpcId: vpc.id, description: pulumi.interpolate\`${version === 3 ? 'ill' : 'for'} \${last.id}\` }, parent);
    ${version === 3 ? ILL : ''}
    this.label = 'v${version}';
    this.vpcId = vpc.id;
    this.gateway = gateway.id;
    this.registerOutputs({ vpcId: vpc.id, gateway: gateway.id, label: this.label });
  }
}
`;

const ILL =
  'for (const n of [1, 2, 3]) new aws.ec2.RouteTable(name + "-" + n, { vpcId: vpc.id, tags: { n: String(n) } }, parent);';

const MORE = 'new aws.sns.Topic(name + "-more", { name: pulumi.getStack() + "-more" }, parent);';

const TOPIC = (version: Version): string => `
import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';

export const inputs = z.strictObject({ gateway: z.string() });
export const outputs = z.object({ arn: z.string() });

export default class Topic extends pulumi.ComponentResource {
  constructor(name, args, options) {
    super('crash:topic:Topic', name, {}, options);
    const parent = { parent: this };
    const topic = new aws.sns.Topic(name, { name: \`\${pulumi.getStack()}-${version === 2 ? 2 : 1}\`, displayName: args.gateway }, parent);
    ${version === 2 ? MORE : ''}
    this.arn = topic.arn;
    this.registerOutputs({ arn: topic.arn });
  }
}
`;

const SIGNALBOX = (latency: string): string => `
project: crash
engine: { kind: embedded, parallel: 2, timeout: 60s }
sandbox: { timeScale: 3600, seed: crash, faults: [{ match: {}, latency: ${latency} }] }
channels:
  - { name: first, waves: [100%], soak: 5m }
  - { name: second, waves: [100%], soak: 5m }
`;

const STACK = (channel: string, net: number, more = ''): string => `
channel: ${channel}
track: beta
providers: { aws: { region: eu-west-1 } }
components:
  network: { inputs: { net: ${net} } }
  topic: { inputs: { gateway: { from: network.gateway } } }
outputs: { vpc: { from: network.vpcId }, label: { from: network.label } }
checks:
  - { name: has a network, output: vpc, matches: "^vpc-", every: 1m, pass: 2 of 2 }
${more}`;

/** Only this stack notices that the third version is ill. */
const NOTICES = '  - { name: is well, output: label, matches: "^v[12]$", every: 1m, pass: 2 of 2 }\n';

/** An estate of three stacks whose track is one promotion behind its upstream; nothing of it runs yet. */
export function makeEstate(root: string): void {
  write(root, 'package.json', '{ "name": "crash", "private": true }\n');
  write(root, 'Pulumi.yaml', 'name: crash\nruntime: nodejs\nstackConfigDir: .pulumi-stacks\n');
  setLatency(root, '15ms');
  for (const [index, stack] of STACKS.entries()) renumber(root, stack, index + 1);
  write(
    root,
    'tracks/alpha/track.yaml',
    'track: alpha\ntrunk: { source: ., path: components }\ncomponents: {}\n',
  );
  write(root, 'tracks/beta/track.yaml', 'track: beta\nupstream: alpha\ncomponents: {}\n');
  pin(root, 'alpha', 2);
  pin(root, 'beta', 1);
  symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'));
}

/** How long each call to the cloud takes. */
export const setLatency = (root: string, latency: string): void =>
  write(root, 'signalbox.yaml', SIGNALBOX(latency));

/**
 * Lets the stack that notices be the last one, however long kills hold the other up: what notices earlier takes the other
 * back before it was changed, and that is another end.
 */
export const noticeLast = (root: string): void =>
  write(
    root,
    'stacks/far-2.yaml',
    STACK('second', STACKS.indexOf('far-2') + 1, `${NOTICES}dependsOn: [far-1]\n`),
  );

/** Gives the networks of a stack another number: configuration. */
export function renumber(root: string, stack: (typeof STACKS)[number], net: number): void {
  const channel = stack === 'near' ? 'first' : 'second';
  write(root, `stacks/${stack}.yaml`, STACK(channel, net, stack === 'far-2' ? NOTICES : ''));
}

/** Another estate of the same content. What was vendored and compiled comes along: making that is not what is tested. */
export function copyEstate(from: string, to: string): void {
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, mode: 0 });
}

/** The track's folder pins these versions, as after a merge. */
export function pin(root: string, track: string, version: Version): void {
  const store = loadStore(root);
  const pinned = (text: string): Pin => ({
    commit: String(version).repeat(40),
    digest: store.put(new Map([['index.ts', { content: Buffer.from(text), executable: false }]])),
  });
  const pins = { network: pinned(NETWORK(version)), topic: pinned(TOPIC(version)) };
  const swapped: Checked<unknown> = swapPins(root, { track, pins });
  if (!swapped.ok) throw new Error(swapped.problems.map(({ message }) => message).join('; '));
}

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text.trimStart());
}
