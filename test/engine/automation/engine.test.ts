import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { duration } from '../../../src/core/time';
import { Runs } from '../../../src/engine/automation/runs';
import { AWS, context, failureIn, GOOD, makeWorld, valueIn, type World } from './world';

/** Larger than any process number there is. */
const DEAD = 2 ** 22 + 7;

describe('the engine over forked children', function () {
  this.timeout(120_000);
  let world: World;
  before(() => {
    world = makeWorld();
  });
  after(() => world.done());

  /** Returns since when. */
  const lock = (stack: string, pid: number): string => {
    const folder = join(
      world.root,
      '.signalbox',
      'state',
      '.pulumi',
      'locks',
      'organization',
      'isolated',
      stack,
    );
    mkdirSync(folder, { recursive: true });
    const timestamp = new Date().toISOString();
    const content = { pid, username: 'ada', hostname: hostname(), timestamp };
    writeFileSync(join(folder, 'other.json'), JSON.stringify(content));
    return timestamp;
  };

  it('gives a child the listed variables and its own stack’s, nothing else of the driver’s', async () => {
    process.env['SIGNALBOX_LEDGER_URL'] = 'postgres://somewhere';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'nobody asked for it';
    try {
      const engine = world.engine({ parallel: 1 });
      const echo = 'this.answer = Object.entries(process.env).map(([key, value]) => key + "=" + value);';
      const seen = async (stack: string, variables: Readonly<Record<string, string>>): Promise<string[]> => {
        const { outputs } = valueIn(await engine.up(world.operation(stack, echo, { variables }), context()));
        const known =
          /^(PATH|HOME|USER|LANG|LC_ALL|TZ|TMPDIR|HTTPS?_PROXY|NO_PROXY|SSL_CERT_FILE|NODE_EXTRA_CA_CERTS|NODE_COMPILE_CACHE|PULUMI_\w+)=/;
        return (outputs['answer'] as string[]).filter((line) => !known.test(line)).sort();
      };
      const named = { AWS_PROFILE: 'staging', AWS_REGION: 'eu-west-1' };
      expect(await seen('has-named', named)).to.deep.equal(['AWS_PROFILE=staging', 'AWS_REGION=eu-west-1']);
      expect(await seen('has-none', {}), 'the same child, another stack').to.deep.equal([]);
    } finally {
      delete process.env['SIGNALBOX_LEDGER_URL'];
      delete process.env['AWS_SECRET_ACCESS_KEY'];
    }
  });

  it('takes away what a program did to its variables before the next one runs', async () => {
    const engine = world.engine({ parallel: 1 });
    valueIn(await engine.preview(world.operation('sets', 'process.env.LEFT = "behind";'), context()));
    const echo = world.operation('looks', 'this.answer = String(process.env.LEFT);');
    expect(valueIn(await engine.up(echo, context())).outputs).to.include({ answer: 'undefined' });
  });

  it('clears the lock that a dead run of ours left, and settles nothing else', async () => {
    const engine = world.engine({ parallel: 1 });
    const operation = world.operation('locked-by-us', GOOD, { providers: AWS });
    valueIn(await engine.preview(operation, context()));
    new Runs(join(world.root, '.signalbox', 'runs')).begin('locked-by-us', DEAD);
    lock('locked-by-us', DEAD);
    expect(valueIn(await engine.up(operation, context())).counts).to.include({ create: 4 });
    expect(valueIn(await engine.read('locked-by-us'))).to.not.have.property('lock');
  });

  it('refuses a lock of somebody else, and says who, where and since when', async () => {
    const engine = world.engine({ parallel: 1 });
    const operation = world.operation('locked-by-other', GOOD, { providers: AWS });
    valueIn(await engine.preview(operation, context()));
    const since = lock('locked-by-other', DEAD);
    const failure = failureIn(await engine.up(operation, context()));
    expect(failure.kind).to.equal('locked');
    expect(failure.message).to.equal(
      `locked-by-other is locked by ada@${hostname()} (pid 4194311) since ${since}`,
    );
    expect(failureIn(await engine.unlock('locked-by-other')).kind).to.equal('locked');
    expect(valueIn(await engine.read('locked-by-other'))?.lock).to.deep.include({ own: false });
  });

  it('cancels what runs and what waits, and goes on with others', async () => {
    const engine = world.engine({ parallel: 1 });
    const stop = new AbortController();
    const waits = 'this.answer = new Promise(() => {}); setTimeout(() => {}, 60_000);';
    const started = new Promise<void>((resolve) => {
      const running = engine.up(world.operation('running', waits), {
        signal: stop.signal,
        onProgress: () => resolve(),
      });
      void running.then((result) => expect(failureIn(result).kind).to.equal('cancelled'));
    });
    const queued = engine.up(world.operation('queued', GOOD), context(stop.signal));
    await started;
    stop.abort();
    expect(failureIn(await queued).kind).to.equal('cancelled');
    expect(
      valueIn(await engine.up(world.operation('after', GOOD, { providers: AWS }), context())).counts.create,
    ).to.equal(4);
    // Nobody may take what a cancel cut short for a failure of the stack.
    expect(valueIn(await engine.read('running'))?.lastUpdate?.result).to.equal('cut');
  });

  it('notes that an update failed by itself, and that one which ran out of time did not', async () => {
    const engine = world.engine({ parallel: 2 });
    await engine.up(world.operation('fails', 'throw new Error("no");'), context());
    let hasBegun = false;
    // As much time as this machine needs to begin.
    for (let seconds = 2; !hasBegun; seconds *= 2) {
      const slow = world.operation('slow', 'this.answer = new Promise(() => {});', {
        timeout: duration(seconds * 1000),
      });
      const result = await engine.up(slow, {
        signal: new AbortController().signal,
        onProgress: () => {
          hasBegun = true;
        },
      });
      expect(failureIn(result)).to.include({ kind: 'timeout', message: `did not end within ${seconds} s` });
    }
    expect(valueIn(await engine.read('fails'))?.lastUpdate?.result).to.equal('failed');
    expect(valueIn(await engine.read('slow'))?.lastUpdate?.result).to.equal('cut');
  });

  it('lets no error that a program left behind reach the next stack', async () => {
    const engine = world.engine({ parallel: 1 });
    const mark = JSON.stringify(join(world.root, 'next-runs'));
    const fs = "const fs = require('node:fs');";
    const late = `${fs} setInterval(() => { if (fs.existsSync(${mark})) throw new Error('late'); }, 5);`;
    valueIn(await engine.preview(world.operation('late', late), context()));
    const waits = `${fs} fs.writeFileSync(${mark}, ''); this.answer = new Promise((resolve) => setTimeout(() => resolve('fine'), 500));`;
    expect(valueIn(await engine.up(world.operation('next', waits), context())).outputs).to.include({
      answer: 'fine',
    });
  });

  it('does a preview again whose child was killed, and says of an update that it was lost', async () => {
    const engine = world.engine({ parallel: 1 });
    const once = `
      const { existsSync, writeFileSync } = require('node:fs');
      const mark = ${JSON.stringify(join(world.root, 'mark-'))} + pulumi.getStack();
      if (!existsSync(mark)) { writeFileSync(mark, ''); process.kill(process.pid, 'SIGKILL'); }
    `;
    valueIn(await engine.preview(world.operation('killed-once', once), context()));
    expect(failureIn(await engine.up(world.operation('killed-up', once), context()))).to.include({
      kind: 'lost',
      message: 'its process was killed (SIGKILL)',
    });
    valueIn(await engine.up(world.operation('killed-up', once), context()));
  });

  it('keeps a program from eating memory that is no heap', async () => {
    const engine = world.engine({ parallel: 1 });
    const eats = `
      const eaten = [];
      const eat = () => { eaten.push(Buffer.alloc(64 * 2 ** 20, 1)); setTimeout(eat, 5); };
      eat();
      this.answer = new Promise(() => {});
    `;
    expect(failureIn(await engine.preview(world.operation('buffers', eats), context())).message).to.equal(
      'its process ran out of memory',
    );
  });

  it('reads no program’s words as its own: they go to the log', async () => {
    const engine = world.engine({ parallel: 1 });
    valueIn(await engine.preview(world.operation('talks', 'console.log("words of a program");'), context()));
    await engine.close();
    expect(readFileSync(join(world.root, '.signalbox', 'logs', 'children.log'), 'utf8')).to.include(
      'words of a program',
    );
  });
});
