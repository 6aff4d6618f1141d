import { type Fleet, trackOf } from './fleet';
import type { Pins, RolloutKind } from './plan';
import type { Project } from './project';
import type { Release, ReleaseId } from './release';
import { isTouched, progressOf, type RolloutState } from './rollout';
import { healthOf } from './stack-health';
import type { Instant } from './time';
import { unreviewed, unreviewedText } from './unreviewed';

/** What a condition for going on answers. `soak`: more healthy time is all it takes, nobody has to do anything. */
export type GateVerdict =
  | { readonly is: 'pass' }
  | { readonly is: 'soak'; readonly reason: string }
  | { readonly is: 'preview'; readonly stacks: readonly string[] }
  | { readonly is: 'wait'; readonly reason: string; readonly until?: Instant; readonly needs?: 'approval' }
  | { readonly is: 'refuse'; readonly reason: string };

const pass: GateVerdict = { is: 'pass' };
const refuse = (reason: string): GateVerdict => ({ is: 'refuse', reason });

/** A wish to roll out, before there is a plan. */
export interface Admission {
  readonly kind: RolloutKind;
  readonly project: Project;
  readonly fleet: Fleet;
  readonly release: Release;
  /** The wish says explicitly that a vetoed release shall be tried again. */
  readonly isAgain: boolean;
}

/** Conditions for starting a rollout at all, in the order in which they are asked. */
export const admissionGates: readonly ((wish: Admission) => GateVerdict)[] = [
  function noneOpen({ fleet, release }) {
    const open = trackOf(fleet, release.track).open;
    return open
      ? refuse(`${open.release} is still being rolled out (${open.rollout}): resume or abort it first`)
      : pass;
  },
  function notVetoed({ fleet, release, isAgain }) {
    const reason = trackOf(fleet, release.track).vetoes.get(release.id);
    return reason === undefined || isAgain ? pass : refuse(`${release.id} is vetoed: ${reason}`);
  },
  function rollsBackToProven({ kind, fleet, release }) {
    if (kind !== 'rollback' || trackOf(fleet, release.track).proven.includes(release.id)) return pass;
    return refuse(`${release.id} was never proven in ${release.track}: it is no target for a rollback`);
  },
  function provenUpstream({ kind, project, fleet, release }) {
    const upstream = project.tracks[release.track]?.upstream;
    if (upstream === undefined || kind === 'baseline' || kind === 'rollback') return pass;
    const unproven = unprovenPins(fleet, release, upstream);
    if (unproven.length === 0) return pass;
    const vetoed = vetoedWith(fleet, release, upstream, unproven);
    if (vetoed)
      return refuse(`${upstream} vetoed ${vetoed.id}, which ${release.id} copies: ${vetoed.reason}`);
    return refuse(`${upstream} has not proven ${unproven.join(', ')} as pinned in ${release.id}`);
  },
];

/**
 * Components whose content neither this track nor its upstream ever proved, and that does not run in the track already. What
 * the upstream vetoed since goes no further by any name.
 */
function unprovenPins(fleet: Fleet, release: Release, upstream: string): string[] {
  const own = trackOf(fleet, release.track);
  const { vetoes } = trackOf(fleet, upstream);
  const good: readonly Pins[] = [
    ...provenPins(fleet, upstream, (id) => !vetoes.has(id)),
    ...provenPins(fleet, release.track),
    ...own.releases.filter(({ id }) => id === own.current).map(({ components }) => components),
  ];
  return Object.entries(release.components).flatMap(([name, { digest }]) =>
    good.some((pins) => pins[name]?.digest === digest) ? [] : [name],
  );
}

function provenPins(fleet: Fleet, track: string, counts: (id: ReleaseId) => boolean = () => true): Pins[] {
  const { releases, proven } = trackOf(fleet, track);
  return releases.filter(({ id }) => proven.includes(id) && counts(id)).map(({ components }) => components);
}

/** The release by which the upstream did prove these components, before it was vetoed. */
function vetoedWith(
  fleet: Fleet,
  { components }: Release,
  upstream: string,
  names: readonly string[],
): { readonly id: ReleaseId; readonly reason: string } | undefined {
  const { releases, proven, vetoes } = trackOf(fleet, upstream);
  const found = releases.find(
    ({ id, components: pins }) =>
      proven.includes(id) &&
      vetoes.has(id) &&
      names.every((name) => pins[name]?.digest === components[name]?.digest),
  );
  return found && { id: found.id, reason: vetoes.get(found.id) ?? '' };
}

/** Stacks about to be started, in a rollout under way. */
export interface Start {
  readonly state: RolloutState;
  readonly stacks: readonly string[];
  /** Stacks whose preview no longer fits their state or their configuration. */
  readonly stale: ReadonlySet<string>;
  readonly now: Instant;
}

/** Conditions for touching further stacks, asked again before every start. */
export const startGates: readonly ((start: Start) => GateVerdict)[] = [
  function notVetoedSince({ state }) {
    return state.veto === undefined ? pass : refuse(`${state.started.release} was vetoed: ${state.veto}`);
  },
  /** Earlier waves are watched to the end: one that lost its soak holds everything up (edge semantics 1, invariant 1). */
  function earlierWavesSoaked({ state, stacks, now }) {
    const waiting = earlierThan(state, stacks).find((stack) => !healthOf(state, stack, now).isSoaked);
    return waiting === undefined ? pass : { is: 'soak', reason: `${waiting} is not soaked` };
  },
  function previewed({ state, stacks, stale }) {
    const missing = stacks.filter((stack) => stale.has(stack) || !progressOf(state, stack).preview);
    return missing.length === 0 ? pass : { is: 'preview', stacks: missing };
  },
  function asReviewed({ state, stacks }) {
    const moved = unreviewed(state, stacks);
    if (moved.length === 0) return pass;
    return { is: 'wait', reason: moved.map(unreviewedText).join('; '), needs: 'approval' };
  },
  function onlyTheTrackMoves({ state, stacks }) {
    for (const stack of stacks) {
      const [component] = progressOf(state, stack).preview?.foreign ?? [];
      if (component === undefined) continue;
      const track = state.started.plan.targets[stack]?.contents[component]?.track;
      return {
        is: 'wait',
        reason: `${stack}: ${component} would change too, though it follows ${track}; bring that up first (up --track ${track})`,
      };
    }
    return pass;
  },
];

/** The first gate that does not let through, or pass. */
export function ask<T>(gates: readonly ((subject: T) => GateVerdict)[], subject: T): GateVerdict {
  for (const gate of gates) {
    const verdict = gate(subject);
    if (verdict.is !== 'pass') return verdict;
  }
  return pass;
}

/** Touched stacks of waves before that of these stacks that still run the new release. */
function earlierThan(state: RolloutState, stacks: readonly string[]): string[] {
  const waves = state.started.plan.channels.flatMap((channel) => channel.waves);
  const own = waves.findIndex((wave) => wave.some((stack) => stacks.includes(stack)));
  return waves
    .slice(0, Math.max(0, own))
    .flat()
    .filter((stack) => {
      const progress = progressOf(state, stack);
      return isTouched(progress) && !progress.back;
    });
}
