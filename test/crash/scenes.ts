import { join } from 'node:path';
import { fleetOf, trackOf } from '../../src/core/fleet';
import { openSqliteLedger } from '../../src/ledger/sqlite/ledger';
import { copyEstate, makeEstate, pin } from './estate';
import { live, starter } from './life';

/** What is done to an estate, again and again until it ends. */
export interface Scene {
  readonly title: string;
  /** The estate it begins on; what its folder is called. */
  readonly seed: 'fresh' | 'settled' | 'moved' | 'ill';
  /** The command of the next start; `isOpen`: a rollout of the track has begun and not ended. */
  words(isOpen: boolean): readonly string[];
  /** Exit codes of the last start: without a kill the first of them. */
  readonly ends: readonly number[];
}

const on = (...words: string[]): readonly string[] => [...words, '--track', 'beta'];

export const SCENES: readonly Scene[] = [
  { title: 'promote on an empty sandbox', seed: 'fresh', words: () => on('promote'), ends: [0] },
  // A take-back whose end was recorded before the kill leaves a veto: the command is then refused.
  { title: 'promote an ill release', seed: 'ill', words: () => on('promote'), ends: [12, 2] },
  { title: 'up to moved pins', seed: 'moved', words: () => on('up'), ends: [0] },
  {
    title: 'promote, then resume',
    seed: 'settled',
    words: (isOpen) => on(isOpen ? 'resume' : 'promote'),
    ends: [0],
  },
];

/** Makes the estates that scenes begin on, each in a folder of its own. */
export async function makeSeeds(program: string, folder: string): Promise<void> {
  const at = (seed: Scene['seed']): string => join(folder, seed);
  const run = async (root: string, words: readonly string[]): Promise<void> => {
    const { ends, last } = await live(
      starter(program, root, () => words),
      [],
      1,
    );
    if (ends.at(-1) !== 0) throw new Error(last.slice(-3).join('\n'));
  };
  makeEstate(at('fresh'));
  copyEstate(at('fresh'), at('settled'));
  for (const track of ['alpha', 'beta']) await run(at('settled'), ['up', '--track', track]);
  copyEstate(at('settled'), at('moved'));
  pin(at('moved'), 'beta', 2);
  copyEstate(at('settled'), at('ill'));
  pin(at('ill'), 'alpha', 3);
  await run(at('ill'), ['up', '--track', 'alpha']);
}

/** Whether a rollout of the track has begun and not ended. */
export async function isOpen(root: string): Promise<boolean> {
  const ledger = openSqliteLedger(join(root, '.signalbox', 'ledger.db'));
  try {
    return trackOf(fleetOf([await ledger.read('beta')]), 'beta').open !== undefined;
  } finally {
    await ledger.close();
  }
}
