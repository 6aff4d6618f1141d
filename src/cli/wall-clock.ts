import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../clock';
import { duration, instant } from '../core/time';

/** The longest a timer of Node can wait. */
const LONGEST = 2_147_483_647;

/** Real time, for real clouds. */
export const wallClock: Clock = {
  now: () => instant(Date.now()),
  async until(at, signal) {
    while (Date.now() < at && !signal?.aborted) {
      await sleep(Math.min(at - Date.now(), LONGEST), undefined, signal ? { signal } : {}).catch(() => {});
    }
  },
  resolution: duration(100),
  scale: 1,
};
