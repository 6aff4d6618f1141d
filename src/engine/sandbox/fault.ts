import type { Fault } from '../../core/project';

export type Effect = 'create' | 'update' | 'delete';

/** What a fault is matched against. */
export interface Target {
  readonly stack: string;
  readonly type: string;
  readonly name: string;
  /** Container images of a workload; empty for everything else. */
  readonly images: readonly string[];
}

/** Every field given must match; `*` stands for any text. */
export function matches(fault: Fault, target: Target): boolean {
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

/** Real milliseconds that all matching faults add to a call. */
export function latencyOf(faults: readonly Fault[], target: Target): number {
  let total = 0;
  for (const fault of faults) if (fault.latency && matches(fault, target)) total += fault.latency;
  return total;
}

/** Sandbox milliseconds from a create or update until the workload answers. */
export function delayOf(faults: readonly Fault[], target: Target): number {
  let longest = 0;
  for (const fault of faults) {
    if (fault.readyAfter && matches(fault, target)) longest = Math.max(longest, fault.readyAfter);
  }
  return longest;
}

export function isUnhealthy(faults: readonly Fault[], target: Target): boolean {
  return faults.some((fault) => fault.unhealthy === true && matches(fault, target));
}
