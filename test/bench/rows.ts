import { join } from 'node:path';
import type { Look } from './measure';
import { plainLoop, realCli, realEstate } from './real';
import type { Measured, Workshop } from './workshop';

/** One line of the table: what it took, its reference from the same run or from a record, and whether the goal is met. */
export interface Row {
  readonly name: string;
  /** Rows that are measured together by this name, too. */
  readonly group?: string;
  readonly what: string;
  measure(shop: Workshop, folder: string): Promise<Result>;
}

export interface Result {
  readonly value: number;
  readonly unit: 's' | '×' | 'MB';
  /** The value must not be above it. */
  readonly goal: number;
  /** What it is held against, in words, with its own number. */
  readonly reference: string;
  /** Value in terms of the reference. */
  readonly ratio?: number;
  /** Seconds of processor time, where that was seen. */
  readonly cpu?: number;
  /** The machine's load when it began; everything above its cores was somebody else's work. */
  readonly load?: number;
}

/** Seconds of the plain loop at 100 stacks, recorded on another machine of two cores: see docs/performance.md. */
const RECORDED = { preview: 66, up: 151, memory: 820 } as const;

/** Seconds that one call of each operation waits, and how many operations run at once. */
const SLOW = { latency: 2, parallel: 16 } as const;

const seconds = (taken: Measured, goal: number, held: { text: string; wall: number }): Result => ({
  value: taken.wall,
  unit: 's',
  goal,
  reference: held.text,
  ratio: taken.wall / held.wall,
  ...(taken.cpu === undefined ? {} : { cpu: taken.cpu }),
  load: taken.load,
});

/** The plain loop on the real CLI: in this run where there is one, else as it was recorded. */
async function loop(
  shop: Workshop,
  folder: string,
  kind: 'preview' | 'up',
  revision: number,
  { look = 'cpu', turn = 1 }: { readonly look?: Look; readonly turn?: number } = {},
): Promise<{ readonly text: string; readonly wall: number; readonly memory?: number }> {
  if (realCli() === undefined) {
    const wall = RECORDED[kind];
    return { text: `plain loop ${wall} s (recorded: CLI 3.258, another machine of two cores)`, wall };
  }
  const name = `loop-${kind}-${revision}-${look}-${turn}`;
  return shop.once(name, async () => {
    const estate = await realEstate(shop, join(folder, name), kind === 'preview');
    const { wall, memory, load } = await plainLoop(shop, estate, { kind, revision, look });
    const text = `plain loop ${wall.toFixed(1)} s (this run, load ${load.toFixed(1)})`;
    return { text, wall, ...(memory === undefined ? {} : { memory }) };
  });
}

const memoryRow = (name: string, what: string, of: (shop: Workshop) => Promise<Measured>): Row => ({
  name,
  what,
  async measure(shop, folder) {
    const taken = await of(shop);
    if (taken.memory === undefined) throw new Error('memory is read from /proc, and there is none');
    const held = await loop(shop, folder, 'preview', 1, { look: 'memory' });
    const reference = held.memory ?? RECORDED.memory;
    return {
      value: taken.memory,
      unit: 'MB',
      goal: 600,
      reference: `plain loop ${reference.toFixed(0)} MB (${held.memory === undefined ? 'recorded: CLI 3.258, another machine' : 'this run'})`,
      ratio: taken.memory / reference,
      load: taken.load,
    };
  },
});

const startRow = (command: string): Row => ({
  name: command.replace(/^--/, ''),
  group: 'start',
  what: `start of \`${command}\``,
  async measure(shop) {
    const [bare = Number.NaN, ours = Number.NaN] = await shop.starts([['-e', '0'], [command]]);
    return {
      value: ours / bare,
      unit: '×',
      goal: 2.5,
      reference: `node -e 0 ${(bare * 1000).toFixed(0)} ms, ours ${(ours * 1000).toFixed(0)} ms (this run, median of 8)`,
    };
  },
});

export const ROWS: readonly Row[] = [
  {
    name: 'create',
    what: 'create all, embedded',
    async measure(shop, folder) {
      const { taken } = await shop.created();
      return seconds(taken, 20, await loop(shop, folder, 'up', 1));
    },
  },
  {
    name: 'unchanged',
    what: 'preview unchanged, embedded',
    measure: async (shop, folder) =>
      seconds(await shop.unchanged(), 6, await loop(shop, folder, 'preview', 1)),
  },
  {
    name: 'changed',
    what: 'preview all changed, embedded',
    async measure(shop, folder) {
      const taken = await shop.preview((await shop.created()).estate, 2);
      return seconds(taken, 10, await loop(shop, folder, 'preview', 2));
    },
  },
  {
    name: 'digest',
    what: 'preview unchanged by goal digest, one stack checked',
    async measure(shop, folder) {
      const taken = await shop.preview((await shop.created()).estate, 1);
      return seconds(taken, 3, await loop(shop, folder, 'preview', 1));
    },
  },
  {
    name: 'thousand',
    what: 'ten times the stacks, unchanged, embedded',
    async measure(shop) {
      const few = await shop.unchanged();
      const many = await shop.unchangedLarge();
      const reference = `${few.wall.toFixed(1)} s at load ${few.load.toFixed(1)}, ${many.wall.toFixed(1)} s at load ${many.load.toFixed(1)} (this run)`;
      const cpu = many.cpu === undefined ? {} : { cpu: many.cpu };
      return { value: many.wall / few.wall, unit: '×', goal: 10.5, reference, load: many.load, ...cpu };
    },
  },
  {
    name: 'latency',
    what: `preview unchanged, ${SLOW.latency} s of latency each, ${SLOW.parallel} at a time`,
    async measure(shop) {
      const estate = await shop.slow(SLOW);
      const taken = await shop.preview(estate, 1, ['--no-digest']);
      const dictated = Math.ceil(estate.stacks.length / SLOW.parallel) * SLOW.latency;
      const held = { text: `${dictated} s that the latency dictates`, wall: dictated };
      return seconds(taken, dictated * 1.3, held);
    },
  },
  memoryRow('memory', 'peak memory, unchanged', (shop) => shop.unchanged('memory')),
  memoryRow('memory-thousand', 'peak memory, ten times the stacks', (shop) => shop.unchangedLarge('memory')),
  startRow('status'),
  startRow('--help'),
  startRow('--version'),
];

/**
 * Only where there is a real CLI: nothing recorded could stand for it. The loop, ours twice, the loop again, each on an estate
 * of its own: a machine that grows slower, or quicker, over these minutes does so for both.
 */
export const REAL_ROW: Row = {
  name: 'real',
  what: 'preview all changed, real CLI',
  async measure(shop, folder) {
    const ours = async (turn: number): Promise<Measured> =>
      shop.preview(await realEstate(shop, join(folder, `real-${turn}`), true), 2);
    const before = await loop(shop, folder, 'preview', 2);
    const [first, second] = [await ours(1), await ours(2)];
    const after = await loop(shop, folder, 'preview', 2, { turn: 2 });
    const text = `plain loop ${before.wall.toFixed(1)} and ${after.wall.toFixed(1)} s, ours ${first.wall.toFixed(1)} and ${second.wall.toFixed(1)} s (this run)`;
    const [mine, loops] = [first.wall + second.wall, before.wall + after.wall];
    const row = seconds({ ...first, wall: mine }, 0.7, { text, wall: loops });
    return { ...row, value: mine / loops, unit: '×' };
  },
};
