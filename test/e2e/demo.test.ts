import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';

const root = join(__dirname, '..', '..');

describe('npm run demo', () => {
  const folder = mkdtempSync(join(tmpdir(), 'demo-test-'));
  after(() => rmSync(folder, { recursive: true }));

  /** The demo in a temporary folder of its own, so that what it leaves behind shows. */
  function demo(onText: (text: string, pid: number) => void = () => {}) {
    return new Promise<{ readonly code: number | null; readonly text: string }>((resolve, reject) => {
      const child = spawn(process.execPath, ['-r', 'ts-node/register', 'scripts/demo.ts'], {
        cwd: root,
        env: { ...process.env, TMPDIR: folder },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let text = '';
      const take = (chunk: Buffer): void => {
        text += chunk.toString();
        onText(text, child.pid ?? 0);
      };
      child.stdout.on('data', take);
      child.stderr.on('data', take);
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, text }));
    });
  }

  const leftBehind = (): readonly string[] =>
    readdirSync(folder).filter((name) => name.startsWith('signalbox-demo-'));

  it('promotes, takes back, rolls back and tells about it, with the exit codes it promises', async function () {
    this.timeout(600_000);
    const { code, text } = await demo();
    expect(code, text).to.equal(0);
    const facts = [
      'beta.2 converged: every subscriber runs it',
      'alpha.2 converged: every subscriber runs it',
      'beta.3 taken back: every touched stack runs again what it ran before',
      'not started: canary-us1',
      '(exit code 12, as it should be)',
      'beta.1 converged: every subscriber runs it',
      'rolled back: test-us1 is unhealthy',
      'That was the tour',
    ];
    for (const fact of facts) {
      expect(text).to.contain(fact);
    }
    expect(text).not.to.match(/[^\P{Cc}\n]/u);
    expect(leftBehind()).to.deep.equal([]);
  });

  it('cleans up when it is interrupted', async function () {
    this.timeout(300_000);
    let isSent = false;
    const { code, text } = await demo((said, pid) => {
      if (isSent || !said.includes('alpha.1 (baseline)')) return;
      isSent = true;
      process.kill(pid, 'SIGTERM');
    });
    expect(code, text).to.equal(130);
    expect(text).not.to.contain('2 of 6');
    expect(leftBehind()).to.deep.equal([]);
  });
});
