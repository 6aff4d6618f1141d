import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { isAlive } from '../../../src/engine/automation/alive';

describe('a process that left a lock', () => {
  it('is alive while it works, and dead where there is none of its number', () => {
    expect([process.pid, 0, 2 ** 30].map(isAlive)).to.deep.equal([true, false, false]);
  });

  it('is dead when it has ended and nobody collects it', async function () {
    if (process.platform !== 'linux') this.skip();
    // The shell becomes a program that never collects the child it left behind.
    const parent = spawn('sh', ['-c', 'sleep 0.05 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const pid = Number((await once(parent.stdout, 'data'))[0]);
      while (isAlive(pid)) await new Promise(setImmediate);
      expect(existsSync(`/proc/${pid}`)).to.equal(true);
    } finally {
      parent.kill('SIGKILL');
    }
  });
});
