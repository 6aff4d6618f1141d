import type { Check } from './check';
import { type Fleet, releaseOf, trackOf } from './fleet';
import type { Channel, Pin, Project, Stack, StackComponent } from './project';
import type { Release, ReleaseId } from './release';
import { duration } from './time';
import { inOrder, wavesIn } from './waves';

/** A track's pins: component name → content. */
export type Pins = Readonly<Record<string, Pin>>;

/** What one component of a stack runs, or shall run. */
export interface Content extends Pin {
  /** Name of the component in its track. */
  readonly component: string;
  /** The track this content came by. */
  readonly track: string;
  /** The release that brought it; undefined for a strict pin and for content that no release of the ledger names. */
  readonly release?: ReleaseId;
}

/** Key of the component in the stack file → content; always all of a stack's components. */
export type Contents = Readonly<Record<string, Content>>;

/**
 * Why the rollout exists. `baseline`: the first of a track; `promote`: pins taken from upstream (or trunk); `up`: what the
 * track's folder pins now; `rollback`: an older release. A rollback that fails is halted and never taken back.
 */
export type RolloutKind = 'baseline' | 'promote' | 'up' | 'rollback';

/** The computed form of a promotion: who gets it, in which order, on what terms. Plain JSON; a snapshot of the policy. */
export interface Plan {
  readonly kind: RolloutKind;
  readonly track: string;
  readonly release: ReleaseId;
  /** Ordered; channels in which nothing is to be done are left out. */
  readonly channels: readonly PlanChannel[];
  /** Every stack that will be touched, by name. */
  readonly targets: Readonly<Record<string, Target>>;
  /** Subscribers that run this content already; they are not touched. */
  readonly already: readonly string[];
}

export interface PlanChannel extends Pick<Channel, 'name' | 'soak' | 'onFailure' | 'failureBudget'> {
  /** Names of stacks; each stack stands in exactly one wave. */
  readonly waves: readonly (readonly string[])[];
}

export interface Target {
  readonly stack: string;
  readonly channel: string;
  readonly critical: boolean;
  /** Stacks of this plan that must be updated before this one. */
  readonly dependsOn: readonly string[];
  /** Keys of the components that follow the track; the others only come along. */
  readonly moves: readonly string[];
  /** What shall run. Content of components that do not move is read again from the ledger when the apply begins. */
  readonly contents: Contents;
  /** What runs now and a take-back returns to; undefined: nothing (known) runs, there is no way back. */
  readonly before?: Contents;
  /** Its content runs already, with another configuration. That lies in the user's files: nothing here can take it back. */
  readonly isReconfigured?: true;
  readonly checks: readonly Check[];
}

/** The stacks of a plan, wave by wave over all channels; a wave's index here is its number in the ledger. */
export interface PlanWave {
  readonly index: number;
  readonly channel: PlanChannel;
  readonly stacks: readonly string[];
}

export function wavesOf(plan: Plan): PlanWave[] {
  return plan.channels
    .flatMap((channel) => channel.waves.map((stacks) => ({ channel, stacks })))
    .map((wave, index) => ({ ...wave, index }));
}

export interface PlanWish {
  readonly kind: RolloutKind;
  readonly project: Project;
  readonly fleet: Fleet;
  /** The release to roll out; its track says who subscribes. */
  readonly release: Release;
  /** Stack → digest of the configuration it would get; a stack that is missing is taken for unchanged. */
  readonly configurations?: ReadonlyMap<string, string>;
}

/**
 * Who is touched, in which order, and where each would return to. A baseline takes a whole channel at once and soaks until
 * the checks pass, no longer: what it brings up is what the pins say already.
 */
export function planRollout({ kind, project, fleet, release, configurations }: PlanWish): Plan {
  const { track } = release;
  const subscribers = Object.values(project.stacks).filter((stack) => isSubscriber(stack, track, fleet));
  const wanted = subscribers.map((stack) => {
    const contents = contentsOf(stack, release, project, fleet);
    return { stack, contents, isThere: runsAlready(stack, contents, track, fleet) };
  });
  const isReconfigured = ({ name }: Stack): boolean => {
    const [now, before] = [configurations?.get(name), fleet.stacks.get(name)?.configuration];
    return now !== undefined && before !== undefined && now !== before;
  };
  const [already, touched] = partition(wanted, ({ stack, isThere }) => isThere && !isReconfigured(stack));
  const names = new Set(touched.map(({ stack }) => stack.name));
  const targets = touched.map(({ stack, contents, isThere }): Target => {
    const before = fleet.stacks.get(stack.name)?.contents;
    return {
      stack: stack.name,
      channel: stack.channel,
      critical: stack.critical,
      dependsOn: stack.dependsOn.filter((name) => names.has(name)),
      moves: movesOf(stack, track),
      contents,
      ...(before === undefined ? {} : { before }),
      ...(isThere ? { isReconfigured: true } : {}),
      checks: stack.checks,
    };
  });
  const channels = project.channels.flatMap((channel): PlanChannel[] => {
    const order = inOrder(targets.filter((target) => target.channel === channel.name));
    const waves = wavesIn(order, kind === 'baseline' ? [{ percent: 100 }] : channel.waves);
    const { name, onFailure, failureBudget } = channel;
    const soak = kind === 'baseline' ? duration(0) : channel.soak;
    return waves.length === 0 ? [] : [{ name, soak, onFailure, failureBudget, waves }];
  });
  return {
    kind,
    track,
    release: release.id,
    channels,
    targets: Object.fromEntries(targets.map((target) => [target.stack, target])),
    already: already.map(({ stack }) => stack.name),
  };
}

/**
 * The content of all of a stack's components for a release of one track: components of the track get its pins, the others
 * stay on what the ledger says runs there, else on their own track's pins. A strict pin is what the file says.
 */
export function contentsOf(
  stack: Stack,
  release: Pick<Release, 'id' | 'track' | 'components'>,
  project: Project,
  fleet: Fleet,
): Contents {
  const runs = fleet.stacks.get(stack.name)?.contents ?? {};
  return Object.fromEntries(
    Object.entries(stack.components).flatMap(([key, component]): [string, Content][] => {
      const content = contentOf(component, release, runs[key], project, fleet);
      return content ? [[key, content]] : [];
    }),
  );
}

function contentOf(
  wanted: StackComponent,
  release: Pick<Release, 'id' | 'track' | 'components'>,
  running: Content | undefined,
  project: Project,
  fleet: Fleet,
): Content | undefined {
  const { component, track, pin } = wanted;
  if (track === release.track) {
    if (pin) return { component, track, commit: pin.commit, digest: pin.digest };
    const moved = release.components[component];
    return moved && { component, track, ...moved, release: release.id };
  }
  if (running) return running;
  const fallback = pin ?? project.tracks[track]?.components[component];
  if (!fallback) return undefined;
  const { commit, digest } = fallback;
  const known = trackOf(fleet, track).releases.findLast(
    (each) => each.components[component]?.digest === digest,
  );
  return { component, track, commit, digest, ...(known && !pin ? { release: known.id } : {}) };
}

/** It follows the track with a component, or must be brought to a strict pin of a component of that track. */
function isSubscriber(stack: Stack, track: string, fleet: Fleet): boolean {
  const runs = fleet.stacks.get(stack.name)?.contents ?? {};
  return Object.entries(stack.components).some(
    ([key, { track: own, pin }]) =>
      own === track && (!pin || (runs[key]?.digest ?? pin.digest) !== pin.digest),
  );
}

/** Keys of the components whose changes are this rollout's: a configuration is that of the whole stack. */
export const changingIn = ({ moves, contents, isReconfigured }: Target): readonly string[] =>
  isReconfigured ? Object.keys(contents) : moves;

const movesOf = (stack: Stack, track: string): string[] =>
  Object.entries(stack.components).flatMap(([key, component]) => (component.track === track ? [key] : []));

function runsAlready(stack: Stack, contents: Contents, track: string, fleet: Fleet): boolean {
  const run = fleet.stacks.get(stack.name);
  if (!run?.contents || !run.isCertain) return false;
  return movesOf(stack, track).every((key) => isSame(contents[key], run.contents?.[key], fleet));
}

/** Same tree, and the same SDK where both releases are known. */
function isSame(wanted: Content | undefined, running: Content | undefined, fleet: Fleet): boolean {
  if (wanted?.digest !== running?.digest) return false;
  const sdks = [wanted, running].map((content) => releaseOf(fleet, content?.release)?.sdk);
  return sdks.includes(undefined) || sdks[0] === sdks[1];
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}
