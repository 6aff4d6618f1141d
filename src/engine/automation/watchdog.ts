import { Worker } from 'node:worker_threads';
import { TOO_MUCH_MEMORY } from './message';

/** How often a look is taken, in milliseconds. */
const EVERY = 500;

export interface Limits {
  /** The process that started this one; asked here it could be dead already. */
  readonly parent: number;
  /** How long this process may outlive it, in milliseconds. */
  readonly orphaned: number;
  /** Resident memory in bytes; the heap has its own limit, buffers have none. */
  readonly memory: number;
}

/**
 * Watches over this process from a thread of its own, because a program in an endless loop keeps the main thread from seeing
 * that its driver is gone or that it has eaten the machine's memory. Ends the process with a signal; never keeps it alive.
 */
export function watchOver(limits: Limits): void {
  const given = { ...limits, every: EVERY, memorySignal: TOO_MUCH_MEMORY };
  new Worker(THREAD, {
    eval: true,
    workerData: given,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  }).unref();
}

// Text, so that the thread needs neither a file of its own nor what compiles one.
const THREAD = `
const { orphaned, memory, parent, every, memorySignal } = require('node:worker_threads').workerData;
let since;
setInterval(() => {
  if (process.memoryUsage.rss() > memory) process.kill(process.pid, memorySignal);
  if (process.ppid === parent) return;
  since ??= Date.now();
  if (Date.now() - since > orphaned) process.kill(process.pid, 'SIGKILL');
}, every);
`;
