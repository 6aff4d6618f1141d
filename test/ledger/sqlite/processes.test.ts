import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { isAlive, thisProcess } from '../../../src/ledger/holder';
import { openSqliteLedger } from '../../../src/ledger/sqlite/ledger';
import { bob, take } from '../drafts';

const appender = join(__dirname, '..', 'appender.ts');

describe('sqlite ledger and several processes', () => {
  let folder: string;
  let file: string;
  const children: ChildProcess[] = [];
  const start = (first: number, count: number) => {
    const args = [file, String(first), String(count)];
    const child = fork(appender, args, { execArgv: ['--require', 'ts-node/register'] });
    children.push(child);
    return child;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-ledger-'));
    file = join(folder, 'ledger.db');
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  it('records every entry of two processes that create the ledger and append at once, in one chain', async () => {
    const exits = [start(0, 15), start(1000, 15)].map((child) => once(child, 'exit'));
    expect((await Promise.all(exits)).map(([code]) => code)).to.deep.equal([0, 0]);
    const ledger = openSqliteLedger(file);
    const keys = (await ledger.read('beta')).map((entry) => entry.key);
    expect(keys).to.have.length(30);
    expect(new Set(keys)).to.have.length(30);
    expect(await ledger.verify('beta')).to.equal(undefined);
    await ledger.close();
    expect(readdirSync(folder), 'nothing left of the creation').to.deep.equal(['ledger.db']);
  });

  it('keeps an intact chain with every answered entry when its writer is killed at any moment', async () => {
    let recorded = 0;
    for (const entries of [1, 2, 3, 5, 8]) {
      const child = start(recorded, 10_000);
      let answered = 0;
      child.on('message', (seq: number) => {
        answered = seq;
        if (seq >= recorded + entries) child.kill('SIGKILL');
      });
      await once(child, 'exit');
      const ledger = openSqliteLedger(file);
      const read = await ledger.read('beta');
      expect(await ledger.verify('beta')).to.equal(undefined);
      expect(read.length).to.be.at.least(answered);
      expect(answered).to.be.at.least(recorded + entries);
      recorded = read.length;
      await ledger.close();
    }
  });

  it('frees the lease of a killed process at once, and of a living one not', async () => {
    const child = start(0, 10_000);
    await once(child, 'message');
    const started = procStart(child.pid ?? 0);
    const holder = { ...thisProcess('ada'), pid: child.pid ?? 0, ...(started && { started }) };
    const ledger = openSqliteLedger(file);
    await take(ledger, 'track:beta', holder);
    expect(await ledger.acquire('track:beta', bob, 1000)).to.have.property('heldBy');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await take(ledger, 'track:beta', bob)).to.include({ token: 2 });
    await ledger.close();
  });
});

describe('a holder', () => {
  it('is alive as this process', () => {
    expect(isAlive(thisProcess('ada'))).to.equal(true);
  });

  it('is gone when its pid belongs to a process that started at another time', function () {
    const holder = thisProcess('ada');
    if (holder.started === undefined) this.skip();
    expect(isAlive({ ...holder, started: `${holder.started}1` })).to.equal(false);
  });

  it('is gone when there is no such process, and counts as alive on another host', () => {
    const { started: _, ...holder } = { ...thisProcess('ada'), pid: 2 ** 30 };
    expect(isAlive(holder)).to.equal(false);
    expect(isAlive({ ...holder, host: 'elsewhere' })).to.equal(true);
  });

  it('is gone when its process has ended and only waits to be collected', async function () {
    if (process.platform !== 'linux') this.skip();
    // The shell becomes a program that never collects the child it left behind.
    const parent = spawn('sh', ['-c', 'sleep 0.05 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const [text] = await once(parent.stdout, 'data');
      const pid = Number(text);
      const holder = { ...thisProcess('ada'), pid, started: procStart(pid) ?? '' };
      while (isAlive(holder)) await new Promise(setImmediate);
      expect(existsSync(`/proc/${pid}`)).to.equal(true);
    } finally {
      parent.kill('SIGKILL');
    }
  });

  it('counts as alive where its start cannot be compared: another boot or container', function () {
    const holder = thisProcess('ada');
    if (process.platform !== 'linux') this.skip();
    expect(isAlive({ ...holder, pid: 2 ** 30, started: 'other-boot/pid:[1] 17' })).to.equal(true);
  });
});

/** The child's start in this process's scope, as the child itself would write it. */
function procStart(pid: number): string | undefined {
  const own = thisProcess('ada').started;
  if (process.platform !== 'linux' || own === undefined) return undefined;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return `${own.split(' ')[0]} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
}
