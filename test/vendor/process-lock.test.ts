import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { lockProcess } from '../../src/vendor/process-lock';

describe('the lock of a process', function () {
  this.timeout(120_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-lock-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const start = (...args: string[]): ChildProcess =>
    fork(join(__dirname, 'incrementer.ts'), args, { execArgv: ['-r', 'ts-node/register/transpile-only'] });

  it('is had by one at a time, in this process too', () => {
    const file = join(folder, 'here', 'a.lock');
    const unlock = lockProcess(file);
    expect(unlock).not.to.equal(undefined);
    expect(lockProcess(file)).to.equal(undefined);
    unlock?.();
    lockProcess(file)?.();
    expect(lockProcess(join(folder, 'b.lock'))).not.to.equal(undefined);
  });

  it('goes with a killed holder, and of many who then want it exactly one has it at any moment', async () => {
    const [file, counter] = [join(folder, 'c.lock'), join(folder, 'counter')];
    writeFileSync(counter, '0');
    const holder = start(file, counter, '0');
    await once(holder, 'message');
    expect(lockProcess(file)).to.equal(undefined);
    const others = Array.from({ length: 4 }, () => start(file, counter, '50'));
    const ended = others.map((other) => once(other, 'exit'));
    holder.kill('SIGKILL');
    expect((await Promise.all(ended)).map(([code]) => code)).to.deep.equal([0, 0, 0, 0]);
    expect(readFileSync(counter, 'utf8')).to.equal('200');
  });
});
