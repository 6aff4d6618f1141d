import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fleetOf, trackOf } from '../../src/core/fleet';
import { openSqliteLedger } from '../../src/ledger/sqlite/ledger';
import { copyEstate, makeEstate, noticeLast, pin, renumber, setLatency } from './estate';
import { live, starter } from './life';

/** What is done to an estate, again and again until it ends. */
export interface Scene {
  readonly title: string;
  /** The estate it begins on; what its folder is called. */
  readonly seed: 'fresh' | 'settled' | 'moved' | 'ill' | 'waiting';
  /** One after the other, each until it ends by itself. */
  readonly commands: readonly Command[];
  /** The release that runs in the end. */
  readonly current: string;
}

interface Command {
  /** What is started next; `isOpen`: a rollout of the track has begun and not ended. */
  words(isOpen: boolean): readonly string[];
  /** Exit codes of the last start: without a kill the first of them. */
  readonly ends: readonly number[];
}

const on = (...words: string[]): readonly string[] => [...words, '--track', 'beta'];

const does = (verb: string, ...more: string[]): Command => ({ words: () => on(verb, ...more), ends: [0] });

const REASON = ['--release', 'beta.2', '--reason', 'it leaks'];

export const SCENES: readonly Scene[] = [
  { title: 'promote on an empty sandbox', seed: 'fresh', commands: [does('promote')], current: 'beta.2' },
  {
    title: 'promote an ill release',
    seed: 'ill',
    // A take-back whose end was recorded before the kill leaves a veto: the command is then refused.
    commands: [{ words: () => on('promote'), ends: [12, 2] }],
    current: 'beta.1',
  },
  { title: 'up to moved pins', seed: 'moved', commands: [does('up')], current: 'beta.2' },
  {
    title: 'promote, then resume',
    seed: 'settled',
    commands: [{ words: (isOpen) => on(isOpen ? 'resume' : 'promote'), ends: [0] }],
    current: 'beta.2',
  },
  {
    title: 'veto, lift, accept, resume',
    seed: 'waiting',
    commands: [does('veto', ...REASON), does('veto', '--lift', ...REASON), does('accept'), does('resume')],
    current: 'beta.2',
  },
  {
    title: 'veto, go back',
    seed: 'waiting',
    commands: [
      does('veto', ...REASON),
      // Where it halted before the kill there is nothing left to resume.
      { words: () => on('resume'), ends: [4, 0] },
      does('rollback', '--to', 'beta.1'),
    ],
    current: 'beta.1',
  },
];

/** Makes the estates that scenes begin on, each in a folder of its own. */
export async function makeSeeds(program: string, folder: string): Promise<void> {
  const at = (seed: Scene['seed']): string => join(folder, seed);
  const run = async (root: string, code: number, words: readonly string[]): Promise<void> => {
    const begin = starter(program, root, () => words);
    const { ends, last } = await live(begin, [], 1);
    if (ends.at(-1) !== code) throw new Error(`${words.join(' ')}: ${last.slice(-3).join('\n')}`);
  };
  makeEstate(at('fresh'));
  copyEstate(at('fresh'), at('settled'));
  for (const track of ['alpha', 'beta']) await run(at('settled'), 0, ['up', '--track', track]);
  copyEstate(at('settled'), at('moved'));
  pin(at('moved'), 'beta', 2);
  copyEstate(at('settled'), at('ill'));
  noticeLast(at('ill'));
  pin(at('ill'), 'alpha', 3);
  await run(at('ill'), 0, ['up', '--track', 'alpha']);
  copyEstate(at('settled'), at('waiting'));
  setLatency(at('waiting'), '2s');
  await interrupted(await starter(program, at('waiting'), () => on('promote'))());
  setLatency(at('waiting'), '15ms');
  renumber(at('waiting'), 'far-1', 9);
  await run(at('waiting'), 10, on('resume'));
}

/** Stops a rollout in order while its first update is under way; the cloud must be slow. */
async function interrupted(promoting: ChildProcess): Promise<void> {
  const ended = once(promoting, 'exit');
  if (!promoting.stdout) throw new Error('its story is not heard');
  for await (const line of createInterface({ input: promoting.stdout }))
    if (line.includes('"apply-started"')) promoting.kill('SIGINT');
  const [code] = await ended;
  if (code !== 8) throw new Error(`an interrupted promotion ended with ${code}`);
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
