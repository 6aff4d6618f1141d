import type { Direction } from '../core/event';
import { type Fleet, releaseOf } from '../core/fleet';
import { type Contents, contentsOf } from '../core/plan';
import type { RolloutState } from '../core/rollout';
import type { Duration } from '../core/time';
import { duration, plus } from '../core/time';
import type { Operation } from '../engine/port';
import type { Journal } from './journal';
import { operationOf } from './operation';
import type { Ports } from './ports';

/** One driver at work on one rollout. */
export interface Run {
  readonly ports: Ports;
  readonly journal: Journal;
  /** Aborts when the user cancels or the track's lease is lost. */
  readonly signal: AbortSignal;
}

/** Somebody else is in the way, and stays there. */
export interface Blocked {
  readonly is: 'blocked';
  readonly resource: string;
  readonly heldBy: string;
}

const defaultPatience = 60_000;
const firstPause = 250;

/**
 * Tries until somebody else is out of the way, with growing pauses; gives up when patience (wall time) is at an end. The
 * pauses are added up instead of read from a clock, so a clock that jumps does not shorten them.
 */
export async function insist<T extends object>(
  { ports, signal }: Run,
  attempt: () => Promise<T | Blocked>,
): Promise<T | Blocked> {
  const { clock, observer, patience } = ports;
  for (let waited = 0, pause = firstPause; ; waited += pause, pause = Math.min(2 * pause, 5_000)) {
    const result = await attempt();
    if (!isBlocked(result) || waited >= (patience ?? defaultPatience) || signal.aborted) return result;
    observer?.note?.({ kind: 'waiting', text: `${result.resource} is held by ${result.heldBy}` });
    await clock.until(plus(clock.now(), wall(ports, pause)), signal);
  }
}

export const isBlocked = (result: object): result is Blocked => 'is' in result && result.is === 'blocked';

/** A span of wall time in the policy clock's units. */
export const wall = ({ clock }: Pick<Ports, 'clock'>, milliseconds: number): Duration =>
  duration(milliseconds * clock.scale);

/**
 * The content of all of a stack's components for going forward or back: components that move come from the plan, the others
 * stay on what the ledger says runs there at this moment, which may be newer than the plan.
 */
export function contentsNow(
  ports: Ports,
  state: RolloutState,
  stack: string,
  direction: Direction,
  fleet: Fleet,
): Contents {
  const { plan } = state.started;
  const target = plan.targets[stack];
  const configured = ports.project.stacks[stack];
  if (!target || !configured)
    throw new Error(`${stack} is not in the plan of ${state.started.rollout} or not configured`);
  const wanted = direction === 'forward' ? target.contents : (target.before ?? {});
  const release = releaseOf(fleet, plan.release);
  const around = release ? contentsOf(configured, release, ports.project, fleet) : {};
  const kept = Object.entries(around).filter(([key]) => !target.moves.includes(key));
  const moved = Object.entries(wanted).filter(([key]) => target.moves.includes(key));
  return Object.fromEntries([...kept, ...moved]);
}

export function operationNow(
  run: Run,
  wish: { stack: string; direction: Direction; deployment: string; fleet: Fleet },
): { operation: Operation; contents: Contents } {
  const state = run.journal.state();
  const contents = contentsNow(run.ports, state, wish.stack, wish.direction, wish.fleet);
  const release = releaseThere(state, wish.stack, wish.direction) ?? state.started.release;
  return {
    contents,
    operation: operationOf(run.ports, { stack: wish.stack, contents, deployment: wish.deployment, release }),
  };
}

/** The release of the track a stack is on after an apply of this direction. */
export function releaseThere(state: RolloutState, stack: string, direction: Direction): string | undefined {
  const { plan, release } = state.started;
  if (direction === 'forward') return release;
  const target = plan.targets[stack];
  return target?.moves.map((key) => target.before?.[key]?.release).find((id) => id !== undefined);
}
