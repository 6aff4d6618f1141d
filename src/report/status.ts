import { type Fleet, type StackRun, type TrackRecord, trackOf } from '../core/fleet';
import type { Content, RolloutKind } from '../core/plan';
import type { Project } from '../core/project';
import type { Instant } from '../core/time';
import { between } from '../core/time';
import { type Unreviewed, unreviewedText } from '../core/unreviewed';
import type { Behind } from './behind';
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
  /** Subscribers that do not run what the track's folder pins. */
  readonly behind?: Behind;
}

export interface StackStatus {
  readonly stack: string;
  /** Empty where no file describes the stack. */
  readonly channel: string;
  /** False for a stack whose file was removed and that still runs. */
  readonly isDescribed: boolean;
  /** Releases its components came by; a strict pin or unknown content shows as its commit. */
  readonly releases: readonly string[];
  readonly since?: Instant;
  readonly deployment?: string;
  /** False while part of other content may run. */
  readonly isCertain: boolean;
  /** Strictly pinned components: planned divergence. */
  readonly pinned: readonly string[];
}

/** What `status` knows besides the repository's files and the ledger. */
export interface Around {
  /** Only this track, and its stacks. */
  readonly track?: string | undefined;
  /** Who drives a track's rollout at the moment, by track. */
  readonly drivers?: ReadonlyMap<string, string>;
  readonly behind?: ReadonlyMap<string, Behind>;
  /** Stacks of a track's open rollout that would no longer change as reviewed, by track. */
  readonly unreviewed?: ReadonlyMap<string, readonly Unreviewed[]>;
  /** Stacks that no file describes any more and that still run. */
  readonly removed?: readonly string[];
}

export function statusOf(
  project: Project,
  fleet: Fleet,
  { track, drivers, behind, unreviewed, removed = [] }: Around = {},
): Status {
  const tracks = Object.values(project.tracks)
    .filter(({ name }) => track === undefined || name === track)
    .map(({ name, upstream }) =>
      trackStatus(fleet, {
        name,
        upstream,
        driver: drivers?.get(name),
        behind: behind?.get(name),
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
      return {
        stack: stack.name,
        channel: stack.channel,
        isDescribed: true,
        ...runOf(fleet, fleet.stacks.get(stack.name)),
        pinned: Object.entries(stack.components).flatMap(([key, component]) =>
          component.pin ? [`${key} until ${component.pin.until}`] : [],
        ),
      };
    });
  const others = removed.flatMap((name): StackStatus[] => {
    const run = fleet.stacks.get(name);
    const isOfTrack = Object.values(run?.contents ?? {}).some((content) => content.track === track);
    if (track !== undefined && !isOfTrack) return [];
    return [{ stack: name, channel: '', isDescribed: false, ...runOf(fleet, run), pinned: [] }];
  });
  return { tracks, stacks: [...stacks, ...others], next: nextSteps(tracks) };
}

function runOf(
  fleet: Fleet,
  run: StackRun | undefined,
): Pick<StackStatus, 'releases' | 'isCertain' | 'since' | 'deployment'> {
  const releases = new Set(Object.values(run?.contents ?? {}).map((content) => nameOf(fleet, content)));
  return {
    releases: [...releases].sort(),
    isCertain: run?.isCertain ?? true,
    ...(run?.contents ? { since: run.since, deployment: run.deployment } : {}),
  };
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
    behind,
    unreviewed,
  }: {
    readonly name: string;
    readonly upstream: string | undefined;
    readonly driver: string | undefined;
    readonly behind: Behind | undefined;
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
    ...(behind ? { behind } : {}),
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
  return tracks.flatMap(({ track, open, available, behind }) => {
    if (open) return [];
    // What its folder pins already comes before what it could pin.
    if (behind) return [`npm run up -- --track ${track}`];
    return available === undefined ? [] : [`npm run promote -- --track ${track}`];
  });
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
  const table = (rows: readonly (readonly string[])[]): readonly string[] =>
    columns(rows, new Set(), paint.width);
  return [
    paint.strong(title),
    '',
    ...table([heads.tracks, ...tracks.map((track) => trackRow(track, paint))]),
    '',
    ...table([heads.stacks, ...stacks.map((stack) => stackRow(stack, around))]),
    ...(next.length > 0 ? [''] : []),
    // One step at a time: what comes after it may be another one by then.
    ...next.map((command, index) =>
      index === 0 ? `next: ${paint.strong(command)}` : paint.quiet(`then: ${command}`),
    ),
  ].join('\n');
}

function trackRow(status: TrackStatus, paint: Paint): readonly string[] {
  const { track, release, isProven, open, available, upstream, vetoes, behind } = status;
  const driver = open?.driver === undefined ? 'nobody drives it' : `driven by ${open.driver}`;
  const notes = [
    ...(open ? [paint.accent(`${open.kind} of ${open.release} has not ended: ${driver}`)] : []),
    ...(open?.unreviewed ?? []).map((one) => paint.warn(unreviewedText(one))),
    ...(behind ? [paint.warn(behindText(behind))] : []),
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

const behindText = ({ release, stacks }: Behind): string =>
  `its folder pins ${release ?? 'other content'}, which ${list(stacks, 3)} ${stacks.length === 1 ? 'does' : 'do'} not run`;

function stackRow(
  { stack, channel, isDescribed, releases, since, isCertain, pinned }: StackStatus,
  { now, paint }: { readonly now: Instant; readonly paint: Paint },
): readonly string[] {
  const notes = [
    ...(isDescribed ? [] : [paint.bad(removedText(stack))]),
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

/** What to do about a stack that runs and that no file describes. */
export const removedText = (stack: string): string =>
  `no file describes it any more: bring its file back, or end it with pulumi destroy --stack ${stack}`;
