import type { WaveSize } from './project';

/** A stack as far as its place in the order of its channel depends on it. */
export interface Ordered {
  readonly stack: string;
  readonly critical: boolean;
  readonly dependsOn: readonly string[];
}

/** By name, dependencies first, critical stacks last (but before what depends on them). Cycles are a rule of configuration. */
export function inOrder(stacks: readonly Ordered[]): string[] {
  const byName = new Map(stacks.map((stack) => [stack.stack, stack]));
  const order: string[] = [];
  const visit = (stack: Ordered, path: readonly string[]): void => {
    if (order.includes(stack.stack) || path.includes(stack.stack)) return;
    for (const name of [...stack.dependsOn].sort()) {
      const dependency = byName.get(name);
      if (dependency) visit(dependency, [...path, stack.stack]);
    }
    order.push(stack.stack);
  };
  const ranked = [...stacks].sort(
    (a, b) => Number(a.critical) - Number(b.critical) || (a.stack < b.stack ? -1 : 1),
  );
  for (const stack of ranked) visit(stack, []);
  return order;
}

/**
 * Cuts an ordered channel into waves. Sizes are cumulative; shares are rounded down but a wave is never less than one stack;
 * the last wave takes what is left; empty waves collapse.
 */
export function wavesIn(stacks: readonly string[], sizes: readonly WaveSize[]): string[][] {
  const ends = sizes.map((size) =>
    Math.max(1, 'count' in size ? size.count : Math.floor((stacks.length * size.percent) / 100)),
  );
  const waves: string[][] = [];
  let begin = 0;
  for (const end of [...ends.slice(0, -1), stacks.length]) {
    const wave = stacks.slice(begin, end);
    if (wave.length === 0) continue;
    waves.push(wave);
    begin += wave.length;
  }
  return waves;
}
