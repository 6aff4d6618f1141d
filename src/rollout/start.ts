import { releaseDigest } from '../core/digest';
import type { Fleet } from '../core/fleet';
import { trackOf } from '../core/fleet';
import { admissionGates, ask } from '../core/gate';
import { changingIn, type Pins, type Plan, planRollout, type RolloutKind } from '../core/plan';
import type { Release, ReleaseId } from '../core/release';
import { type Draft, LedgerFailure } from '../ledger/port';
import { configurationsOf } from './configurations';
import { readFleet } from './journal';
import type { Held } from './lease';
import { operationOf } from './operation';
import type { Ports } from './ports';
import {
  type FailedPreview,
  type PreviewWish,
  previewedEvent,
  previewStacks,
  type SeenPreview,
  type StackPreview,
} from './preview';

export interface Wish {
  readonly track: string;
  /** `up` of a track that never converged is its baseline. */
  readonly kind: RolloutKind;
  readonly components: Pins;
  /** Digest of the SDK and provider versions. */
  readonly sdk: string;
  /** Upstream's release it is copied from. */
  readonly from?: ReleaseId;
  /** The pins of the track folder before; those of the track's current release if not given. */
  readonly pinsBefore?: Pins;
  readonly isAgain?: boolean;
}

/** What a rollout would be. Nothing is recorded yet. */
export type Proposal =
  | { readonly is: 'refused'; readonly reason: string; readonly openRollout?: string }
  | { readonly is: 'nothing'; readonly release: Release; readonly already: readonly string[] }
  | {
      readonly is: 'failed';
      readonly release: Release;
      readonly plan: Plan;
      readonly failures: readonly FailedPreview[];
      readonly previews: readonly StackPreview[];
    }
  | ReadyProposal;

export interface ReadyProposal {
  readonly is: 'ready';
  readonly wish: Wish;
  readonly release: Release;
  readonly isNewRelease: boolean;
  readonly plan: Plan;
  readonly previews: readonly SeenPreview[];
  readonly pinsBefore: Pins;
  /** The track's ledger head the proposal was made on. */
  readonly head: number;
  readonly rollouts: number;
}

/** The release these pins are in their track: the recorded one of the same content, or the next number. */
export function candidate(
  fleet: Fleet,
  wish: Pick<Wish, 'track' | 'components' | 'sdk'>,
  hash: Ports['hash'],
): Release {
  const { track, components, sdk } = wish;
  const digest = releaseDigest(components, sdk, hash);
  const { releases } = trackOf(fleet, track);
  const known = releases.find((release) => release.digest === digest);
  if (known) return known;
  const number = Math.max(0, ...releases.map((release) => release.number)) + 1;
  return { id: `${track}.${number}`, track, number, components, sdk, digest };
}

/** Computes the plan and previews every stack it touches. Only reads. */
export async function proposeRollout(
  ports: Ports,
  asked: Wish,
  signal: AbortSignal,
  onPreview?: (preview: StackPreview, all: number) => void,
): Promise<Proposal> {
  const { project, hash } = ports;
  const fleet = await readFleet(ports.ledger);
  const track = trackOf(fleet, asked.track);
  const wish: Wish =
    asked.kind === 'up' && track.current === undefined ? { ...asked, kind: 'baseline' } : asked;
  const release = candidate(fleet, wish, hash);
  const configurations = await configurationsOf(ports, release, fleet);
  const plan = planRollout({ kind: wish.kind, project, fleet, release, configurations });
  const isIdle = Object.keys(plan.targets).length === 0 && track.current === release.id && !track.open;
  if (isIdle) return { is: 'nothing', release, already: plan.already };
  const verdict = ask(admissionGates, {
    kind: wish.kind,
    project,
    fleet,
    release,
    isAgain: wish.isAgain ?? false,
  });
  if (verdict.is === 'refuse') {
    return {
      is: 'refused',
      reason: verdict.reason,
      ...(track.open ? { openRollout: track.open.rollout } : {}),
    };
  }
  const previews = await previewStacks(ports, previewWishes(ports, plan, fleet), signal, onPreview);
  const failures = previews.filter((preview) => !preview.ok);
  if (failures.length > 0) return { is: 'failed', release, plan, failures, previews };
  const current = track.releases.find(({ id }) => id === track.current);
  return {
    is: 'ready',
    wish,
    release,
    isNewRelease: !track.releases.includes(release),
    plan,
    previews: previews.filter((preview) => preview.ok),
    pinsBefore: wish.pinsBefore ?? current?.components ?? {},
    head: track.head,
    rollouts: track.rollouts,
  };
}

/** The forward previews of a plan's stacks, in the plan's order. */
export function previewWishes(ports: Ports, plan: Plan, fleet: Fleet): PreviewWish[] {
  return plan.channels.flatMap((channel) =>
    channel.waves.flat().flatMap((stack): PreviewWish[] => {
      const target = plan.targets[stack];
      if (!target) return [];
      const { contents } = target;
      const moves = changingIn(target);
      const operation = operationOf(ports, { stack, contents, deployment: 'preview', release: plan.release });
      const running = fleet.stacks.get(stack)?.contents ?? {};
      return [{ operation, channel: channel.name, direction: 'forward', contents, moves, running }];
    }),
  );
}

/**
 * Records the release, the rollout and its previews in one transaction; from then on `runRollout` carries it to its end,
 * after a crash too. Refused where the track's ledger moved since the proposal.
 */
export async function startRollout(
  ports: Ports,
  held: Held,
  proposal: ReadyProposal,
): Promise<{ readonly rollout: string } | { readonly refused: string }> {
  const { wish, release, plan, pinsBefore, head } = proposal;
  const rollout = `${wish.track}-${proposal.rollouts + 1}-${ports.unique()}`;
  const line = (key: string, event: Draft['event']): Draft => ({
    key: `${rollout}:${key}`,
    event,
    at: ports.clock.now(),
    actor: ports.holder.actor,
  });
  const drafts: Draft[] = [
    ...(wish.isAgain
      ? [line('again', { type: 'veto-cleared', release: release.id, reason: 'to be tried again' })]
      : []),
    ...(proposal.isNewRelease
      ? [line('release', { type: 'release-recorded', release, ...(wish.from ? { from: wish.from } : {}) })]
      : []),
    line('started', {
      type: 'rollout-started',
      rollout,
      kind: wish.kind,
      release: release.id,
      plan,
      pinsBefore,
      pinsAfter: release.components,
    }),
    ...proposal.previews.map((preview) => line(`preview:${preview.stack}`, previewedEvent(rollout, preview))),
  ];
  try {
    const entries = await ports.ledger.append(wish.track, head, drafts, held.lease);
    for (const entry of entries) ports.observer?.entry?.(entry);
    return { rollout };
  } catch (error) {
    if (!(error instanceof LedgerFailure) || error.kind !== 'conflict') throw error;
    return { refused: `somebody else wrote to the ledger of ${wish.track} meanwhile: look again` };
  }
}
