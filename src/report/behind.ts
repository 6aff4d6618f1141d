import { type Fleet, type TrackRecord, trackOf } from '../core/fleet';
import { type Pins, planRollout } from '../core/plan';
import type { Project } from '../core/project';
import type { Release, ReleaseId } from '../core/release';

/** Subscribers that do not run what their track's folder pins: what `up` would roll out. */
export interface Behind {
  /** The release of that content, where there is one. */
  readonly release?: ReleaseId;
  readonly stacks: readonly string[];
}

/**
 * By track, where there are such stacks: after a merge or a revert of pins, after a rollout that ended half-way, for a stack
 * that is new or follows another track by now. A track that never converged or is under way has its own next step.
 */
export function behindOf(project: Project, fleet: Fleet): ReadonlyMap<string, Behind> {
  const all = Object.values(project.tracks).flatMap(({ name, components }): [string, Behind][] => {
    const record = trackOf(fleet, name);
    if (record.current === undefined || record.open) return [];
    const known = releaseOfPins(record, components);
    const release = known ?? { id: `${name}.next`, track: name, number: 0, components, sdk: '', digest: '' };
    const stacks = Object.keys(planRollout({ kind: 'up', project, fleet, release }).targets);
    return stacks.length === 0 ? [] : [[name, { stacks, ...(known ? { release: known.id } : {}) }]];
  });
  return new Map(all);
}

/** The current release where it holds just this, else the newest that does. */
function releaseOfPins({ releases, current }: TrackRecord, pins: Pins): Release | undefined {
  const same = releases.filter(({ components }) => isSame(components, pins));
  return same.find(({ id }) => id === current) ?? same.at(-1);
}

const isSame = (a: Pins, b: Pins): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([name, { digest }]) => b[name]?.digest === digest);
