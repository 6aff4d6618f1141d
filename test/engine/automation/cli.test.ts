import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { CliState } from '../../../src/engine/automation/cli-state';
import { execute } from '../../../src/engine/automation/execute';
import { lockIn } from '../../../src/engine/automation/lock-text';
import { Runs } from '../../../src/engine/automation/runs';
import { missingStackFile } from '../../../src/engine/automation/stack-file';

describe('driving the CLI', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-cli-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Something that is started like the CLI. */
  const program = (script: string): string => {
    const path = join(folder, 'cli');
    writeFileSync(path, `#!${process.execPath}\n${script}`);
    chmodSync(path, 0o755);
    return path;
  };
  const started = (path: string, grace = 150) => {
    const marker = join(folder, 'ready');
    const stop = new AbortController();
    const ended = execute({
      command: path,
      args: [marker],
      cwd: folder,
      env: process.env,
      logs: join(folder, 'logs'),
      signal: stop.signal,
      grace,
    });
    const ready = async (): Promise<void> => {
      while (!existsSync(marker)) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    return { ended, ready, stop };
  };
  const HEAD = "const { writeFileSync } = require('node:fs'); let count = 0;";
  const READY = "writeFileSync(process.argv[2], ''); setInterval(() => {}, 1000);";

  it('returns what it printed and its exit code, and leaves no files behind', async () => {
    const { ended } = started(
      program("process.stdout.write('out'); process.stderr.write('err'); process.exitCode = 6;"),
    );
    expect(await ended).to.deep.equal({ stdout: 'out', stderr: 'err', code: 6, wasKilled: false });
    expect(readdirSync(join(folder, 'logs'))).to.deep.equal([]);
  });

  it('interrupts once and lets it finish', async () => {
    const script = `${HEAD} process.on('SIGINT', () => { count += 1; setTimeout(() => { process.stdout.write(String(count)); process.exit(1); }, 40); }); ${READY}`;
    const { ended, ready, stop } = started(program(script), 60_000);
    await ready();
    stop.abort();
    expect(await ended).to.deep.include({ stdout: '1', code: 1, wasKilled: false });
  });

  it('kills what does not stop within its grace, and says that it did', async () => {
    const { ended, ready, stop } = started(program(`${HEAD} process.on('SIGINT', () => {}); ${READY}`));
    await ready();
    stop.abort();
    expect(await ended).to.deep.include({ code: -2, wasKilled: true });
  });

  it('takes what it has started down with it', async () => {
    const file = join(folder, 'beat');
    const provider = `const { appendFileSync } = require('node:fs'); setInterval(() => appendFileSync(${JSON.stringify(file)}, '.'), 5);`;
    const script = `${HEAD} process.on('SIGINT', () => {}); require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(provider)}], { stdio: 'ignore' }); ${READY}`;
    const { ended, ready, stop } = started(program(script));
    await ready();
    while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    await ended;
    const { size } = statSync(file);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(statSync(file).size).to.equal(size);
  });

  it('is on record as ours before its first instruction, under its own number', async () => {
    const runs = new Runs(join(folder, 'runs'));
    const note = runs.noting('near');
    const ended = await execute({
      command: program(
        `process.stdout.write(process.pid + ' ' + process.argv[2] + ' ' + require('node:fs').readFileSync(${JSON.stringify(note.file)}, 'utf8'))`,
      ),
      args: ['up $(x) "y"'],
      cwd: folder,
      env: process.env,
      logs: join(folder, 'logs'),
      note,
    });
    const pid = Number(ended.stdout.split(' ')[0]);
    expect(ended.stdout).to.equal(`${pid} up $(x) "y" run ${pid} ${note.since}\n`);
    const lock = { pid, hostname: hostname(), timestamp: new Date(note.since).toISOString() };
    expect(runs.isOurs('near', lock)).to.equal(true);
    expect(runs.isOurs('near', { ...lock, hostname: 'elsewhere' })).to.equal(false);
    const before = new Date(note.since - 3_600_000).toISOString();
    expect(runs.isOurs('near', { ...lock, timestamp: before }), 'its number was used before').to.equal(false);
  });

  it('does not start where nobody could tell whose it is', async () => {
    const marker = join(folder, 'started');
    const ended = await execute({
      command: program(`require('node:fs').writeFileSync(${JSON.stringify(marker)}, '')`),
      args: [],
      cwd: folder,
      env: process.env,
      logs: join(folder, 'logs'),
      note: { file: join(folder, 'no', 'such', 'folder'), since: 0 },
    });
    expect(ended.code).to.be.above(0);
    expect(existsSync(marker)).to.equal(false);
  });

  it('starts nothing after a cancel', async () => {
    const marker = join(folder, 'started');
    const ended = await execute({
      command: program(`require('node:fs').writeFileSync(${JSON.stringify(marker)}, '')`),
      args: [],
      cwd: folder,
      env: process.env,
      logs: join(folder, 'logs'),
      signal: AbortSignal.abort(),
    });
    expect([ended.code, existsSync(marker)]).to.deep.equal([-1, false]);
  });

  it('names the stack file that is missing, where the project keeps them', async () => {
    writeFileSync(join(folder, 'Pulumi.yaml'), 'name: shop\nruntime: nodejs\nstackConfigDir: files\n');
    expect(await missingStackFile(folder, 'near')).to.equal(join('files', 'Pulumi.near.yaml'));
    writeFileSync(join(folder, 'Pulumi.yaml'), 'name: shop\nruntime: nodejs\n');
    writeFileSync(join(folder, 'Pulumi.near.yml'), 'config: {}\n');
    expect(await missingStackFile(folder, 'near')).to.equal(undefined);
  });

  describe('for a backend that is not a folder', () => {
    const asked: string[] = [];
    const exported = {
      version: 3,
      deployment: {
        resources: [
          { urn: 'urn:s', type: 'pulumi:pulumi:Stack', outputs: { url: 'http://x' } },
          { urn: 'urn:v', type: 'aws:ec2/vpc:Vpc', id: 'vpc-1' },
        ],
        pending_operations: [{ type: 'creating', resource: { urn: 'urn:t', type: 'aws:sns/topic:Topic' } }],
      },
    };
    const history = [
      {
        kind: 'update',
        message: 'r.near.forward.1',
        result: 'succeeded',
        endTime: '2026-01-02T03:04:05.000Z',
      },
    ];
    const states = (answers: Readonly<Record<string, { stdout?: string; stderr?: string }>>) =>
      new CliState(
        async (args) => {
          const verb = args
            .filter((word) => /^[a-z]+$/.test(word))
            .slice(0, 2)
            .join(' ');
          asked.push(args.join(' '));
          const { stdout = '', stderr = '' } = answers[verb] ?? { stderr: `error: not asked for: ${verb}` };
          return { stdout, stderr, code: stderr === '' ? 0 : 255 };
        },
        new Runs(join(folder, 'runs')),
      );
    beforeEach(() => asked.splice(0));

    it('reads outputs, resources, open operations and the newest update through the CLI', async () => {
      const state = await states({
        'stack export': { stdout: JSON.stringify(exported) },
        'stack history': { stdout: JSON.stringify(history) },
      }).read('near');
      expect(state).to.deep.include({
        outputs: { url: 'http://x' },
        resources: 2,
        pending: ['creating urn:t'],
        lastUpdate: {
          deployment: 'r.near.forward.1',
          result: 'succeeded',
          endedAt: Date.parse('2026-01-02T03:04:05Z'),
        },
      });
      expect(asked.join('\n')).not.to.contain('show-secrets');
    });

    it('knows no stack where there is none, and makes it when it is needed', async () => {
      const none = { stderr: "error: no stack named 'near' found" };
      const state = states({ 'stack export': none, 'stack history': none, 'stack init': {} });
      expect(await state.read('near')).to.equal(undefined);
      await state.ensure('near');
      expect(asked.at(-1)).to.contain('stack init');
    });

    it('lets the first command end before any other: it makes the tables of an empty database', async () => {
      let running = 0;
      const most: number[] = [];
      const state = new CliState(
        async () => {
          running += 1;
          most.push(running);
          await new Promise(setImmediate);
          running -= 1;
          return { stdout: JSON.stringify(exported), stderr: '', code: 0 };
        },
        new Runs(join(folder, 'runs')),
      );
      await Promise.all(['near', 'far', 'off'].map((stack) => state.ensure(stack)));
      expect(most).to.deep.equal([1, 1, 2]);
    });

    it('asks again where another process made the tables meanwhile', async () => {
      const refused = 'error: pq: duplicate key value violates unique constraint "pg_type_typname_nsp_index"';
      const answers = [
        { stderr: refused, code: 255 },
        { stderr: '', code: 0 },
      ];
      const state = new CliState(
        async () => ({ stdout: '[]', ...(answers.shift() ?? { stderr: 'asked too often', code: 1 }) }),
        new Runs(join(folder, 'runs')),
      );
      await state.ensure('near');
      expect(answers).to.deep.equal([]);
    });

    it('says why it cannot read, without passwords', async () => {
      const broken = states({ 'stack export': { stderr: 'error: postgres://ada:hunter2@db is down' } });
      const said = await Promise.resolve(broken.read('near')).then(() => '', String);
      expect(said).to.contain('could not read the state of near').and.not.contain('hunter2');
    });

    it('believes a lock that a command named, removes that of a dead run of ours, and nobody else’s', async () => {
      const answers = {
        'stack export': { stdout: JSON.stringify(exported) },
        'stack history': { stdout: '[]' },
        'cancel near': {},
      };
      const dead = 2 ** 22 - 1;
      const text = (pid: number): string =>
        `the stack is locked by ada@${hostname()} (pid ${pid}) since ${new Date().toISOString()}`;
      expect(lockIn(text(7))).to.include({ username: 'ada', pid: 7 });
      const state = states(answers);
      state.refused('near', text(dead));
      expect((await state.read('near'))?.lock).to.deep.include({ own: false });
      expect(await state.unlock('near')).to.equal(false);
      new Runs(join(folder, 'runs')).begin('near', dead);
      expect((await state.read('near'))?.lock).to.deep.include({ own: true });
      expect(await state.unlock('near')).to.equal(true);
      expect(asked.at(-1)).to.contain('cancel');
      expect((await state.read('near'))?.lock).to.equal(undefined);
    });
  });
});
