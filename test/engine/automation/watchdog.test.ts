import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { childrenOf, isAlive } from '../../crash/process-tree';
import { buildProgram } from '../../crash/program';

describe('a child in an endless loop', () => {
  let folder = '';
  let looping = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-watchdog-'));
    const watchdog = join(dirname(buildProgram(folder)), 'engine', 'automation', 'watchdog.js');
    looping = `require(${JSON.stringify(watchdog)}).watchOver({ parent: Number(process.argv[1]), orphaned: 200, memory: 4e9 }); for (;;);`;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('ends once its driver was killed, although it hears of nothing', async () => {
    const forks = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(looping)}, process.pid]);`;
    const driver = spawn(process.execPath, ['-e', `${forks} setTimeout(() => {}, 60_000);`]);
    const [child] = await until(() => childrenOf(driver.pid ?? 0));
    expect(child).to.be.above(0);
    driver.kill('SIGKILL');
    await once(driver, 'exit');
    await until(() => (isAlive(child ?? 0) ? [] : [true]));
  });

  it('lives on as long as its driver does', async () => {
    const child = spawn(process.execPath, ['-e', looping, String(process.pid)]);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(child.signalCode).to.equal(null);
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
});

/** Looks until there is something to see; the test's own time limit ends it. */
async function until<T>(look: () => readonly T[]): Promise<readonly T[]> {
  for (;;) {
    const seen = look();
    if (seen.length > 0) return seen;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
