import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect } from 'chai';
import { BETA, type Estate, runningEstate, V2 } from './estate';
import { SOURCE } from './program';

describe('output that nobody takes', function () {
  this.timeout(300_000);
  let estate: Estate;

  before(async () => {
    estate = await runningEstate();
  });

  it('does not end a command that reads, and shows no stack trace', async () => {
    const history = await unheard(['history', '--events', '--json'], 'gone');
    expect(history).to.deep.equal({ code: 0, stderr: '' });
    if (!existsSync('/dev/full')) return;
    const status = await unheard(['status'], 'full');
    expect(status.code).to.equal(1);
    expect(status.stderr).to.match(/^✖ standard output cannot be written: ENOSPC[^\n]*\n$/);
  });

  it('does not end a rollout: it goes on to its end without a reader', async () => {
    const promoted = await unheard(['promote', '--track', 'beta'], 'gone');
    expect(promoted.code, promoted.stderr).to.equal(0);
    expect(promoted.stderr).not.to.match(/EPIPE|✖|^\s+at /m);
    expect(estate.images()).to.include(Object.fromEntries(BETA.map((stack) => [stack, V2])));
  });

  /** Runs with a reader that leaves after the first words, or onto a full disk. */
  async function unheard(
    args: readonly string[],
    reader: 'gone' | 'full',
  ): Promise<{ readonly code: unknown; readonly stderr: string }> {
    const stdout = reader === 'full' ? openSync('/dev/full', 'w') : 'pipe';
    const child = spawn(process.execPath, [...SOURCE, ...args, '--cwd', estate.root], {
      cwd: resolve(__dirname, '..', '..'),
      stdio: ['ignore', stdout, 'pipe'],
    });
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdout?.once('data', () => child.stdout?.destroy());
    const [code] = await once(child, 'close');
    return { code, stderr };
  }
});
