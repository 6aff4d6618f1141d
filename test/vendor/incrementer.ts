import { readFileSync, writeFileSync } from 'node:fs';
import { lockProcess } from '../../src/vendor/process-lock';

/** Run as a process: adds one to the number in a file, so many times, each under the lock; `0` times: takes it and never ends. */
const [lock = '', counter = '', times = ''] = process.argv.slice(2);

function locked(): () => void {
  for (;;) {
    const unlock = lockProcess(lock);
    if (unlock) return unlock;
  }
}

if (times === '0') {
  locked();
  process.send?.('locked');
  setInterval(() => {}, 1000);
} else {
  for (let left = Number(times); left > 0; left -= 1) {
    const unlock = locked();
    writeFileSync(counter, String(Number(readFileSync(counter, 'utf8')) + 1));
    unlock();
  }
}
