import { type Fleet, trackOf } from '../core/fleet';
import type { Content } from '../core/plan';
import type { Project } from '../core/project';
import type { Instant } from '../core/time';
import { between } from '../core/time';
import { columns } from './columns';
import type { Paint } from './paint';
import { instantText, spanText } from './time';
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
  /** Rollout under way or interrupted: nobody but its holder knows which. */
  readonly open?: { readonly rollout: string; readonly kind: string; readonly release: string };
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

export function statusOf(project: Project, fleet: Fleet, track?: string): Status {
  const tracks = Object.values(project.tracks)
    .filter(({ name }) => track === undefined || name === track)
    .map(({ name, upstream }) => trackStatus(fleet, name, upstream));
  const stacks = Object.values(project.stacks)
    .filter(
      (stack) =>
        track === undefined || Object.values(stack.components).some((component) => component.track === track),
    )
    .sort((a, b) => rank(project, a.channel) - rank(project, b.channel) || a.name.localeCompare(b.name))
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
  return release ?? same?.id ?? `commit ${commit.slice(0, 12)}`;
}

function trackStatus(fleet: Fleet, name: string, upstream: string | undefined): TrackStatus {
  const record = trackOf(fleet, name);
  const { open, current } = record;
  const above = upstream === undefined ? undefined : trackOf(fleet, upstream);
  const newest = above?.proven.at(-1);
  const offered = above?.releases.find(({ id }) => id === newest);
  // What this track had before (and went back from) is no news.
  const isOffered = offered !== undefined && !record.releases.some(({ digest }) => digest === offered.digest);
  return {
    track: name,
    ...(upstream === undefined ? {} : { upstream }),
    ...(current === undefined ? {} : { release: current }),
    isProven: current !== undefined && record.proven.includes(current),
    vetoes: [...record.vetoes].map(([release, reason]) => `${release}: ${reason}`),
    ...(open ? { open: { rollout: open.rollout, kind: open.kind, release: open.release } } : {}),
    ...(isOffered ? { available: offered.id } : {}),
  };
}

function nextSteps(tracks: readonly TrackStatus[]): readonly string[] {
  const open = tracks.filter((track) => track.open);
  if (open.length > 0) return open.map(({ track }) => `npm run resume -- --track ${track}`);
  return tracks
    .filter((track) => track.available !== undefined && track.vetoes.length === 0)
    .map(({ track }) => `npm run promote -- --track ${track}`);
}

export function statusText(
  status: Status,
  around: { readonly now: Instant; readonly paint: Paint; readonly title: string },
): string {
  const { now, paint, title } = around;
  const tracks = status.tracks.map((track) => [
    paint.strong(track.track),
    track.release ?? paint.quiet('nothing yet'),
    track.release === undefined ? '' : track.isProven ? paint.good('proven') : paint.warn('not proven'),
    track.open ? paint.accent(`${track.open.kind} of ${track.open.release} is open`) : '',
    track.available ? `${track.upstream}'s ${track.available} is ready` : '',
    track.vetoes.length > 0 ? paint.bad(`vetoed ${list(track.vetoes, 2)}`) : '',
  ]);
  const stacks = status.stacks.map((stack) => [
    stack.stack,
    stack.channel,
    stack.releases.length > 0 ? stack.releases.join(', ') : paint.quiet('nothing yet'),
    stack.since === undefined ? '' : instantText(stack.since),
    stack.since === undefined ? '' : `${spanText(between(stack.since, now))} ago`,
    [
      stack.isCertain ? '' : paint.bad('not certain: an update did not end'),
      ...stack.pinned.map((pin) => paint.warn(`pinned: ${pin}`)),
    ]
      .filter((part) => part !== '')
      .join('; '),
  ]);
  const head = (names: readonly string[]): readonly string[] => names.map(paint.quiet);
  return [
    paint.strong(title),
    '',
    ...columns([head(['track', 'runs', '', '', '', '']), ...tracks]),
    '',
    ...columns([head(['stack', 'channel', 'release', 'since', '', '']), ...stacks]),
    ...(status.next.length > 0
      ? ['', ...status.next.map((command) => `next: ${paint.strong(command)}`)]
      : []),
  ].join('\n');
}
