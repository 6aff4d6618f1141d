import type { Check } from '../core/check';
import {
  type Channel,
  cloudOf,
  type EngineSettings,
  type Environment,
  type Fault,
  type Project,
  type SandboxSettings,
  type Stack,
  type StackComponent,
  type StrictPin,
  type Track,
  type Value,
  type WaveSize,
} from '../core/project';
import { duration } from '../core/time';
import { references } from './inputs/references';
import type { PulumiFile } from './pulumi-file';
import { valuesOf } from './rules/stacks';
import type { CheckWritten } from './schema/check';
import type { SignalboxWritten } from './schema/signalbox';
import type { ComponentWritten, StackWritten } from './schema/stack';
import type { TrackWritten } from './schema/track';
import { present } from './schema/words';
import type { Tree } from './tree';

export interface Written {
  readonly signalbox: SignalboxWritten;
  readonly pulumi: PulumiFile;
  readonly tracks: ReadonlyMap<string, TrackWritten>;
  readonly stacks: ReadonlyMap<string, { readonly form: StackWritten; readonly tree: Tree }>;
}

/** The written forms as a project. Called only when no rule found anything. */
export function resolve({ signalbox, pulumi, tracks, stacks }: Written): Project {
  const resolved = [...stacks].map(([name, { form, tree }]) => stack(name, form, tree));
  return {
    name: signalbox.project,
    engine: withBackend(engine(signalbox.engine), pulumi.backend?.value),
    sandbox: sandbox(signalbox),
    channels: signalbox.channels.map((channel) => withAllAtLast(channel, resolved)),
    environments: mapValues(signalbox.environments, (each): Environment => present(each)),
    tracks: Object.fromEntries([...tracks].map(([name, form]) => [name, track(name, form)])),
    stacks: Object.fromEntries(resolved.map((each) => [each.name, each])),
  };
}

/** Also the default of the object form: see schema/signalbox.ts. */
const longestOperation = duration(3_600_000);

function engine(written: SignalboxWritten['engine']): EngineSettings {
  if (typeof written === 'string') return { kind: written, timeout: longestOperation };
  const { limits, ...rest } = written;
  return { ...present(rest), ...(limits ? { limits: present(limits) } : {}) };
}

/** `Pulumi.yaml` says where the state of a real cloud lies; that of the sandbox never goes there. */
const withBackend = (settings: EngineSettings, backend: string | undefined): EngineSettings =>
  cloudOf(settings) === 'sandbox' ? settings : { ...present({ backend }), ...settings };

function sandbox({ project, sandbox: written }: SignalboxWritten): SandboxSettings {
  const faults = (written?.faults ?? []).map(
    ({ match, fail, responseLost, ...rest }): Fault => ({
      ...present(rest),
      match: present(match),
      ...(fail ? { fail: present(fail) } : {}),
      ...(responseLost ? { responseLost: present(responseLost) } : {}),
    }),
  );
  return { timeScale: written?.timeScale ?? 1, seed: written?.seed ?? project, faults };
}

/** A last count that holds every stack of today is all of them: the rules saw to it that it does. */
function withAllAtLast(channel: Channel, stacks: readonly Stack[]): Channel {
  const members = stacks.filter((each) => each.channel === channel.name).length;
  const isAll = (size: WaveSize) => 'count' in size && size.count >= members;
  const waves = channel.waves.map((size, index) =>
    index === channel.waves.length - 1 && isAll(size) ? { percent: 100 } : size,
  );
  return { ...channel, waves };
}

function track(name: string, { upstream, trunk, components }: TrackWritten): Track {
  return { name, ...present({ upstream, trunk }), components };
}

function stack(name: string, form: StackWritten, tree: Tree): Stack {
  const { channel, track: followed, environment, labels, dependsOn, critical, checks } = form;
  const read = valuesOf(tree)
    .flatMap((value) => references(value))
    .flatMap((reference) => (reference.kind === 'from-stack' ? [reference.stack] : []));
  return {
    name,
    channel,
    ...present({ track: followed, environment }),
    labels,
    // Reading another stack's output means waiting for it.
    dependsOn: [...new Set([...dependsOn, ...read])],
    critical,
    providers: mapValues(form.providers, (inputs) => asValue(inputs ?? {})),
    components: Object.fromEntries(
      Object.entries(form.components).map(([key, each]) => [key, component(key, each, followed)]),
    ),
    outputs: mapValues(form.outputs, asValue),
    checks: checks.map(check),
  };
}

function component(key: string, written: ComponentWritten, followed: string | undefined): StackComponent {
  const pin = strictPin(written);
  return {
    component: written.component ?? key,
    track: written.track ?? followed ?? '',
    ...(pin ? { pin } : {}),
    inputs: mapValues(written.inputs, asValue),
  };
}

function strictPin({ commit, digest, reason, until }: ComponentWritten): StrictPin | undefined {
  if (commit === undefined || digest === undefined || reason === undefined || until === undefined)
    return undefined;
  return { commit, digest, reason, until };
}

function check(written: CheckWritten): Check {
  const { name, every, pass, timeout, http, output = '' } = written;
  if (!http)
    return { name, test: { kind: 'output', output, condition: condition(written) }, every, pass, timeout };
  const { url, path, status, body, within } = http;
  const test = { kind: 'http', urlOutput: url.output, path, status, ...present({ body, within }) } as const;
  return { name, test, every, pass, timeout };
}

/** Exactly one is given: rules/checks.ts. */
function condition({ equals, matches, between, atLeast, atMost, exists }: CheckWritten) {
  if (equals !== undefined) return { equals };
  if (matches !== undefined) return { matches };
  if (between !== undefined) return { between };
  if (atLeast !== undefined) return { atLeast };
  if (atMost !== undefined) return { atMost };
  return { exists: exists ?? true };
}

/** Free data came out of YAML through `plain`, so it is nothing but JSON. */
const asValue = (written: unknown): Value => written as Value;

function mapValues<From, To>(
  map: Readonly<Record<string, From>>,
  change: (from: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}
