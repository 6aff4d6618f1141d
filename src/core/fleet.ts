import type { ApplyEnded, ApplyStarted, Recorded, RolloutStarted } from './event';
import type { Contents } from './plan';
import type { Value } from './project';
import type { Release, ReleaseId } from './release';
import type { Instant } from './time';

/** What runs where since when, and what the tracks have released: the fold of all tracks' ledgers. */
export interface Fleet {
  readonly stacks: ReadonlyMap<string, StackRun>;
  readonly tracks: ReadonlyMap<string, TrackRecord>;
}

/** What one stack runs. */
export interface StackRun {
  /** The content of its last successful update; undefined while none has succeeded. */
  readonly contents?: Contents;
  /** Digest of the configuration it ran with, where that was recorded. */
  readonly configuration?: string;
  readonly since: Instant;
  readonly deployment: string;
  readonly outputs: Readonly<Record<string, Value>>;
  readonly stateVersion?: string;
  /** False while an update after that failed, was lost, or has not ended: part of other content may run. */
  readonly isCertain: boolean;
}

export interface TrackRecord {
  /** In the order of their numbers. */
  readonly releases: readonly Release[];
  /** Upstream's release a release was copied from. */
  readonly origins: ReadonlyMap<ReleaseId, ReleaseId>;
  /** Oldest first, the newest proof last. */
  readonly proven: readonly ReleaseId[];
  /** Release → reason. */
  readonly vetoes: ReadonlyMap<ReleaseId, string>;
  /** The release the track converged on last, and the one before it. */
  readonly current?: ReleaseId;
  readonly previous?: ReleaseId;
  readonly open?: RolloutStarted;
  /** How many rollouts were ever started. */
  readonly rollouts: number;
  /** `seq` of the newest entry, 0 for none. */
  readonly head: number;
}

export const unknownTrack: TrackRecord = {
  releases: [],
  origins: new Map(),
  proven: [],
  vetoes: new Map(),
  rollouts: 0,
  head: 0,
};

export const trackOf = (fleet: Fleet, track: string): TrackRecord => fleet.tracks.get(track) ?? unknownTrack;

export const releaseOf = (fleet: Fleet, id: ReleaseId | undefined): Release | undefined =>
  id === undefined
    ? undefined
    : trackOf(fleet, id.slice(0, id.lastIndexOf('.'))).releases.find((release) => release.id === id);

/**
 * Where a rollback goes unless told otherwise, and never to what somebody vetoed: back to the current release where a rollout
 * that did not converge left stacks elsewhere, otherwise to the newest proven release below the current one.
 */
export function rollbackTarget(fleet: Fleet, track: string): Release | undefined {
  const { releases, current, proven, vetoes } = trackOf(fleet, track);
  const now = releases.find(({ id }) => id === current);
  if (now && !vetoes.has(now.id) && isLeftBehind(fleet, now)) return now;
  return releases.findLast(
    ({ id, number }) => number < (now?.number ?? 0) && proven.includes(id) && !vetoes.has(id),
  );
}

/** Whether a stack of the track runs, or may run, what only a release above this one holds. */
function isLeftBehind(fleet: Fleet, { track, number, components }: Release): boolean {
  const above = trackOf(fleet, track).releases.filter((release) => release.number > number);
  return [...fleet.stacks.values()].some(({ contents, isCertain }) =>
    Object.values(contents ?? {}).some((content) => {
      if (content.track !== track) return false;
      const isHere = (release: Pick<Release, 'components'>): boolean =>
        release.components[content.component]?.digest === content.digest;
      return !isCertain || (!isHere({ components }) && above.some(isHere));
    }),
  );
}

/** Folds whole ledgers, one list per track. Entries of one track stay in order, whatever their clock said. */
export function fleetOf(logs: readonly (readonly Recorded[])[]): Fleet {
  const stacks = new Map<string, StackRun>();
  const tracks = new Map<string, TrackRecord>();
  const open = new Map<string, ApplyStarted>();
  for (const entry of interleaved(logs)) {
    const { event, at } = entry;
    tracks.set(entry.track, { ...record(tracks.get(entry.track) ?? unknownTrack, entry), head: entry.seq });
    if (event.type === 'apply-started') {
      open.set(event.deployment, event);
      stacks.set(event.stack, begun(stacks.get(event.stack), event, at));
    }
    if (event.type === 'apply-ended') {
      const intent = open.get(event.deployment);
      if (intent) stacks.set(event.stack, ended(stacks.get(event.stack), intent, event, at));
    }
  }
  return { stacks, tracks };
}

function begun(run: StackRun | undefined, event: ApplyStarted, at: Instant): StackRun {
  if (!run) return { since: at, deployment: event.deployment, outputs: {}, isCertain: false };
  return { ...run, isCertain: false };
}

function ended(run: StackRun | undefined, intent: ApplyStarted, event: ApplyEnded, at: Instant): StackRun {
  if (event.result !== 'succeeded') return run ?? begun(undefined, intent, at);
  return {
    contents: intent.contents,
    ...(intent.configuration === undefined ? {} : { configuration: intent.configuration }),
    since: at,
    deployment: event.deployment,
    outputs: event.outputs ?? {},
    ...(event.stateVersion === undefined ? {} : { stateVersion: event.stateVersion }),
    isCertain: true,
  };
}

function record(track: TrackRecord, { event }: Recorded): TrackRecord {
  switch (event.type) {
    case 'release-recorded': {
      const origins = event.from ? new Map(track.origins).set(event.release.id, event.from) : track.origins;
      if (track.releases.some((release) => release.id === event.release.id)) return { ...track, origins };
      return { ...track, origins, releases: [...track.releases, event.release] };
    }
    case 'rollout-started':
      return { ...track, open: event, rollouts: track.rollouts + 1 };
    case 'rollout-ended': {
      const { open: _, ...rest } = track;
      if (event.outcome !== 'converged' || event.release === track.current) return rest;
      return {
        ...rest,
        current: event.release,
        ...(track.current === undefined ? {} : { previous: track.current }),
      };
    }
    case 'release-proven':
      return { ...track, proven: [...track.proven.filter((id) => id !== event.release), event.release] };
    case 'veto-set':
      return { ...track, vetoes: new Map(track.vetoes).set(event.release, event.reason) };
    case 'veto-cleared':
      return { ...track, vetoes: new Map([...track.vetoes].filter(([id]) => id !== event.release)) };
    default:
      return track;
  }
}

/** The logs of tracks as one list by time; a track's own order is never changed, and of two at once the first log goes first. */
export function interleaved<T extends Pick<Recorded, 'at'>>(logs: readonly (readonly T[])[]): readonly T[] {
  const [only, ...others] = logs;
  if (others.length === 0) return only ?? [];
  const next = logs.map(() => 0);
  const all: T[] = [];
  for (;;) {
    let best: { readonly log: number; readonly entry: T } | undefined;
    logs.forEach((entries, log) => {
      const entry = entries[next[log] ?? 0];
      if (entry && (!best || entry.at < best.entry.at)) best = { log, entry };
    });
    if (!best) return all;
    all.push(best.entry);
    next[best.log] = (next[best.log] ?? 0) + 1;
  }
}
