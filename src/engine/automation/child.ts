import { inspect } from 'node:util';
import { adoptKeys, tellKeys } from '../embedded/state/secret';
import type { Failure, Preview, Progress, Result, Update } from '../port';
import { withFrames } from './frames';
import { type JobRunner, jobRunner } from './job';
import { type FromChild, failed, type Job, type ToChild } from './message';
import { providersOf } from './providers';
import { watchOver } from './watchdog';

/** How long a child may go on saving its state after its driver is gone. */
const ORPHAN_GRACE = 30_000;
/** All memory of a child in bytes; its heap is limited when it is started. */
const MEMORY = 1.5 * 1024 ** 3;
/** Resident memory in bytes from which a child is replaced after its operation. */
const GROWN = 256 * 1024 ** 2;
/** How long steps wait to be told together, in milliseconds: each message is a system call on both sides. */
const TOGETHER = 50;
const BROKEN: Failure = {
  kind: 'failed',
  message: 'the program broke after it had ended: .signalbox/logs/children.log has its error',
  diagnostics: [],
};
/** Frames of an error that somebody is to read. */
const FRAMES = 20;

let runner: JobRunner | undefined;
let current: { readonly id: number; readonly abort: AbortController; hasBroken?: true } | undefined;

const say = (message: FromChild): void => {
  if (process.connected) process.send?.(message);
};

tellKeys((keys) => say({ type: 'keys', keys }));
watchOver({ parent: Number(process.argv[2]), orphaned: ORPHAN_GRACE + 2_000, memory: MEMORY });

process.on('message', (message: ToChild) => {
  switch (message.type) {
    case 'settings':
      runner = jobRunner(message.settings, providersOf(message.settings));
      say({ type: 'ready' });
      return;
    case 'job':
      void work(message);
      return;
    case 'cancel':
      if (current?.id === message.id) current.abort.abort();
  }
});

async function work(job: Extract<ToChild, { type: 'job' }>): Promise<void> {
  if (!runner) throw new Error('a job came before the settings');
  say({ type: 'begun', id: job.id });
  const abort = new AbortController();
  current = { id: job.id, abort };
  adoptKeys(job.keys);
  const before = timers();
  const seen = await perform(runner, job, abort.signal);
  const { hasBroken = false } = current;
  current = undefined;
  if (!process.connected) process.exit(0);
  const isSpent = hasBroken || timers() > before || process.memoryUsage.rss() > GROWN;
  say({ type: 'done', id: job.id, result: hasBroken && seen.ok ? failed(BROKEN) : seen, isSpent });
}

/** Timers that are set: those a program leaves behind would go off, and may throw, in the next one's operation. */
const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

/** A program whose preview failed runs once more with frames, so that its author sees where. */
async function perform(by: JobRunner, job: Job, signal: AbortSignal): Promise<Result<Preview | Update>> {
  const steps = telling(job.id);
  try {
    const result = await withFrames(0, () => by.run(job, signal, steps.add));
    const isWorthASecondLook = !result.ok && job.kind === 'preview' && result.failure.kind === 'failed';
    return isWorthASecondLook && !signal.aborted
      ? await withFrames(FRAMES, () => by.run(job, signal, steps.add))
      : result;
  } finally {
    steps.tell();
  }
}

/** Gathers the steps of a job and tells them a few at a time. */
function telling(id: number): { add(progress: Progress): void; tell(): void } {
  let gathered: Progress[] = [];
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (gathered.length > 0) say({ type: 'progress', id, progress: gathered });
    gathered = [];
  };
  return {
    add(progress) {
      gathered.push(progress);
      timer ??= setTimeout(tell, TOGETHER);
    },
    tell,
  };
}

// The driver is gone: start nothing more, let steps in flight finish and be saved, then go.
process.on('disconnect', () => {
  if (!current) process.exit(0);
  current.abort.abort();
  setTimeout(() => process.exit(1), ORPHAN_GRACE).unref();
});
// Node itself would print the error past what hides secrets. While a program runs, the SDK takes it for the program's; what
// comes later, of a program that has failed already, must not take the operation down with it.
process.on('uncaughtException', (error) => {
  if (process.listenerCount('uncaughtException') > 1) return;
  process.stderr.write(`${inspect(error)}\n`);
  if (!current) process.exit(1);
  current.hasBroken = true;
});
// A terminal's Ctrl-C reaches the whole group; only the driver decides what stops.
process.on('SIGINT', () => {});
