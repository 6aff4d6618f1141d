import { type JobRunner, jobRunner } from './job';
import type { FromChild, ToChild } from './message';
import { providersOf } from './providers';

/** How long a child may go on saving its state after its driver is gone. */
const ORPHAN_GRACE = 30_000;

let runner: JobRunner | undefined;
let current: { readonly id: number; readonly abort: AbortController } | undefined;

const say = (message: FromChild): void => {
  if (process.connected) process.send?.(message);
};

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
  const abort = new AbortController();
  current = { id: job.id, abort };
  const result = await runner.run(job, abort.signal, (progress) =>
    say({ type: 'progress', id: job.id, progress }),
  );
  current = undefined;
  if (!process.connected) process.exit(0);
  say({ type: 'done', id: job.id, result });
}

// The driver is gone: start nothing more, let steps in flight finish and be saved, then go.
process.on('disconnect', () => {
  if (!current) process.exit(0);
  current.abort.abort();
  setTimeout(() => process.exit(1), ORPHAN_GRACE).unref();
});
// A terminal's Ctrl-C reaches the whole group; only the driver decides what stops.
process.on('SIGINT', () => {});
