import type { Fault } from '../../core/project';
import { digest } from './overlay/overlay';

export type Effect = 'create' | 'update' | 'delete';

/** What a fault is matched against. */
export interface Target {
  readonly stack: string;
  readonly type: string;
  readonly name: string;
  /** Container images of a workload; empty for everything else. */
  readonly images: readonly string[];
}

/** The faults of a sandbox, and the seed that draws whom a share of them befalls. */
export interface Faults {
  readonly seed: string;
  readonly faults: readonly Fault[];
}

/** The faults that befall a target: the same ones in every process and at every run. */
export const befalling = ({ seed, faults }: Faults, target: Target): readonly Fault[] =>
  faults.filter((fault) => matches(fault, target) && isDrawn(fault, target, seed));

/** Every field given must match; `*` stands for any text. */
function matches(fault: Fault, target: Target): boolean {
  const { stack, type, name, image } = fault.match;
  return (
    isLike(stack, target.stack) &&
    isLike(type, target.type) &&
    isLike(name, target.name) &&
    (image === undefined || target.images.some((each) => isLike(image, each)))
  );
}

function isLike(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined || pattern === '*' || pattern === text) return true;
  if (!pattern.includes('*')) return false;
  const parts = pattern.split('*');
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length)
    return false;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return from <= text.length - last.length;
}

/** Each fault draws for itself: two of the same share do not befall the same ones. */
function isDrawn(fault: Fault, { stack, type, name }: Target, seed: string): boolean {
  const { share = 100 } = fault.match;
  if (share >= 100) return true;
  const drawn = digest(8, seed, 'share', JSON.stringify(fault), stack, type, name);
  return Number.parseInt(drawn, 16) % 100 < share;
}

/** Real milliseconds that all faults of a target add to a call. */
export const latencyOf = (befallen: readonly Fault[]): number =>
  befallen.reduce((total, { latency = 0 }) => total + latency, 0);

/**
 * Whether a call may pass at `now`, given what an earlier one answered (0 for none): when the last call taken would have
 * come had they all kept their distance. Undefined where it is one too many. Both are milliseconds of wall time.
 */
export function admitted(
  { perSecond, burst }: NonNullable<Fault['throttle']>,
  last: number,
  now: number,
): number | undefined {
  const distance = 1000 / perSecond;
  // Further ahead than a whole burst is only what was before the clock was set back.
  const next = last > now + burst * distance ? now : Math.max(last, now);
  return next - now > (burst - 1) * distance ? undefined : next + distance;
}

/** Sandbox milliseconds from a create or update until the workload answers. */
export const delayOf = (befallen: readonly Fault[]): number =>
  Math.max(0, ...befallen.map(({ readyAfter = 0 }) => readyAfter));

export const isUnhealthy = (befallen: readonly Fault[]): boolean =>
  befallen.some(({ unhealthy }) => unhealthy === true);
