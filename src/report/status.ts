import { type Fleet, type TrackRecord, trackOf } from '../core/fleet';
import type { Content, RolloutKind } from '../core/plan';
import type { Project } from '../core/project';
import type { Instant } from '../core/time';
import { between } from '../core/time';
import { type Unreviewed, unreviewedText } from '../core/unreviewed';
import { columns } from './columns';
import { harmlessly } from './harmless';
import type { Paint } from './paint';
import { minuteText, spanText } from './time';
import { list } from './words';

/** What runs where since when, what is under way, what is awaited of whom, and the next command. */
export interface Status {
  readonly tracks: readonly TrackStatus[];
  readonly stacks: readonly StackStatus[];
  readonly next: readonly string[];
}

export interface TrackStatus {
  readonly track: string;
  readonly upstream?: string;
  /** The release the track converged on last. */
  readonly release?: string;
  readonly isProven: boolean;
  readonly vetoes: readonly string[];
  /** Rollout that has not ended. Without a driver it was interrupted or waits for a person. */
  readonly open?: {
    readonly rollout: string;
    readonly kind: RolloutKind;
    readonly release: string;
    readonly driver?: string;
    /** Stacks that wait for somebody's approval, and why. */
    readonly unreviewed?: readonly Unreviewed[];
  };
  /** Upstream's newest proven release whose content this track does not run. */
  readonly available?: string;
}

export interface StackStatus {
  readonly stack: string;
  readonly channel: string;
  /** Releases its components came by; a strict pin or unknown content shows as its commit. */
  readonly releases: readonly string[];
  readonly since?: Instant;
  readonly deployment?: string;
  /** False while part of other content may run. */
  readonly isCertain: boolean;
  /** Strictly pinned components: planned divergence. */
  readonly pinned: readonly string[];
}

/** @param drivers who drives a track's rollout at the moment, by track */
export function statusOf(
  project: Project,
  fleet: Fleet,
  {
    track,
    drivers,
    unreviewed,
  }: {
    readonly track?: string | undefined;
    readonly drivers?: ReadonlyMap<string, string>;
    readonly unreviewed?: ReadonlyMap<string, readonly Unreviewed[]>;
  } = {},
): Status {
  const tracks = Object.values(project.tracks)
    .filter(({ name }) => track === undefined || name === track)
    .map(({ name, upstream }) =>
      trackStatus(fleet, {
        name,
        upstream,
        driver: drivers?.get(name),
        unreviewed: unreviewed?.get(name) ?? [],
      }),
    );
  const stacks = Object.values(project.stacks)
    .filter(
      (stack) =>
        track === undefined || Object.values(stack.components).some((component) => component.track === track),
    )
    .sort((a, b) => rank(project, a.channel) - rank(project, b.channel) || (a.name < b.name ? -1 : 1))
    .map((stack): StackStatus => {
      const run = fleet.stacks.get(stack.name);
      const releases = new Set(Object.values(run?.contents ?? {}).map((content) => nameOf(fleet, content)));
      return {
        stack: stack.name,
        channel: stack.channel,
        releases: [...releases].sort(),
        isCertain: run?.isCertain ?? true,
        pinned: Object.entries(stack.components).flatMap(([key, component]) =>
          component.pin ? [`${key} until ${component.pin.until}`] : [],
        ),
        ...(run?.contents ? { since: run.since, deployment: run.deployment } : {}),
      };
    });
  return { tracks, stacks, next: nextSteps(tracks) };
}

const rank = (project: Project, channel: string): number =>
  project.channels.findIndex(({ name }) => name === channel);

/** The release a content came by, or the newest of its track that holds the same; else its commit. */
function nameOf(fleet: Fleet, { release, track, component, digest, commit }: Content): string {
  const same = trackOf(fleet, track).releases.findLast((one) => one.components[component]?.digest === digest);
  return release ?? same?.id ?? `commit ${commit.slice(0, 8)}`;
}

function trackStatus(
  fleet: Fleet,
  {
    name,
    upstream,
    driver,
    unreviewed,
  }: {
    readonly name: string;
    readonly upstream: string | undefined;
    readonly driver: string | undefined;
    readonly unreviewed: readonly Unreviewed[];
  },
): TrackStatus {
  const record = trackOf(fleet, name);
  const { open, current } = record;
  const above = upstream === undefined ? undefined : trackOf(fleet, upstream);
  const newest = above?.proven.findLast((id) => !above.vetoes.has(id));
  const offered = above?.releases.find(({ id }) => id === newest);
  // What this track had before (and went back from) is no news.
  const isOffered = offered !== undefined && !record.releases.some(({ digest }) => digest === offered.digest);
  return {
    track: name,
    ...(upstream === undefined ? {} : { upstream }),
    ...(current === undefined ? {} : { release: current }),
    isProven: current !== undefined && record.proven.includes(current),
    vetoes: [...record.vetoes].map(([release, reason]) => `${release}: ${reason}`),
    ...(open ? { open: openOf(open, driver, unreviewed) } : {}),
    ...(isOffered ? { available: offered.id } : {}),
  };
}

const openOf = (
  { rollout, kind, release }: NonNullable<TrackRecord['open']>,
  driver: string | undefined,
  unreviewed: readonly Unreviewed[],
): NonNullable<TrackStatus['open']> => ({
  rollout,
  kind,
  release,
  ...(driver === undefined ? {} : { driver }),
  ...(unreviewed.length === 0 ? {} : { unreviewed }),
});

function nextSteps(tracks: readonly TrackStatus[]): readonly string[] {
  const left = tracks.filter(({ open }) => open && open.driver === undefined);
  if (left.length > 0)
    return left.map(
      ({ track, open }) => `npm run ${open?.unreviewed ? 'accept' : 'resume'} -- --track ${track}`,
    );
  return tracks
    .filter(({ open, available }) => open === undefined && available !== undefined)
    .map(({ track }) => `npm run promote -- --track ${track}`);
}

export function statusText(
  said: Status,
  around: { readonly now: Instant; readonly paint: Paint; readonly title: string },
): string {
  const { paint, title } = around;
  const { tracks, stacks, next } = harmlessly(said);
  const heads = {
    tracks: ['track', 'runs', '', ''].map(paint.quiet),
    stacks: ['stack', 'channel', 'release', 'since', '', ''].map(paint.quiet),
  };
  return [
    paint.strong(title),
    '',
    ...columns([heads.tracks, ...tracks.map((track) => trackRow(track, paint))]),
    '',
    ...columns([heads.stacks, ...stacks.map((stack) => stackRow(stack, around))]),
    ...(next.length > 0 ? ['', ...next.map((command) => `next: ${paint.strong(command)}`)] : []),
  ].join('\n');
}

function trackRow(status: TrackStatus, paint: Paint): readonly string[] {
  const { track, release, isProven, open, available, upstream, vetoes } = status;
  const driver = open?.driver === undefined ? 'nobody drives it' : `driven by ${open.driver}`;
  const notes = [
    ...(open ? [paint.accent(`${open.kind} of ${open.release} has not ended: ${driver}`)] : []),
    ...(open?.unreviewed ?? []).map((one) => paint.warn(unreviewedText(one))),
    ...(available === undefined ? [] : [`${upstream}'s ${available} is ready`]),
    ...(vetoes.length === 0 ? [] : [paint.bad(`vetoed ${list(vetoes, 2)}`)]),
  ];
  const proven = isProven ? paint.good('proven') : paint.warn('not proven');
  return [
    paint.strong(track),
    release ?? paint.quiet('nothing yet'),
    release === undefined ? '' : proven,
    notes.join('; '),
  ];
}

function stackRow(
  { stack, channel, releases, since, isCertain, pinned }: StackStatus,
  { now, paint }: { readonly now: Instant; readonly paint: Paint },
): readonly string[] {
  const notes = [
    ...(isCertain ? [] : [paint.bad('not certain: an update failed or has not ended')]),
    ...pinned.map((pin) => paint.warn(`pinned: ${pin}`)),
  ];
  return [
    stack,
    channel,
    releases.length > 0 ? releases.join(', ') : paint.quiet('nothing yet'),
    since === undefined ? '' : minuteText(since),
    since === undefined ? '' : `${spanText(between(since, now))} ago`,
    notes.join('; '),
  ];
}
