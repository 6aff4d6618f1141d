import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { CliState } from '../../src/engine/automation/cli-state';
import { execute } from '../../src/engine/automation/execute';
import { failureOf } from '../../src/engine/automation/failure';
import { Runs } from '../../src/engine/automation/runs';
import { withCli } from './cli';

/** A process that is no more. */
const DEAD = 2 ** 22 - 1;

withCli('a backend that only the CLI reads', (command) => {
  let root = '';
  let runs: Runs;
  let state: CliState;
  const cli = (args: readonly string[]) =>
    execute({
      command,
      args: [...args, '--non-interactive'],
      cwd: root,
      env: {
        PATH: process.env['PATH'],
        HOME: root,
        PULUMI_BACKEND_URL: `file://${root}/state`,
        PULUMI_CONFIG_PASSPHRASE: 'sandbox',
      },
      logs: join(root, 'logs'),
    });

  before(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-backend-')));
    mkdirSync(join(root, 'state'));
    writeFileSync(join(root, 'Pulumi.yaml'), 'name: shop\nruntime: nodejs\n');
    runs = new Runs(join(root, 'runs'));
    // A folder stands in for it: the CLI's words are the same.
    state = new CliState(cli, runs);
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  it('has no stack at first, makes it once, and reads it', async function () {
    this.timeout(60_000);
    expect(await state.read('near')).to.equal(undefined);
    await state.ensure('near');
    await state.ensure('near');
    expect(await state.read('near')).to.deep.include({ outputs: {}, resources: 0, pending: [] });
  });

  it('tells its newest update', async function () {
    this.timeout(60_000);
    const ended = await cli([
      'refresh',
      '--yes',
      '--skip-preview',
      '--message',
      'r.near.1',
      '--stack',
      'near',
    ]);
    expect(ended.code, ended.stderr).to.equal(0);
    expect((await state.read('near'))?.lastUpdate).to.deep.include({
      deployment: 'r.near.1',
      result: 'succeeded',
    });
  });

  it('is locked by a dead run: known from what the CLI says, removed only where the run was ours', async function () {
    this.timeout(60_000);
    const folder = join(root, 'state', '.pulumi', 'locks', 'organization', 'shop', 'near');
    mkdirSync(folder, { recursive: true });
    const lock = {
      pid: DEAD,
      username: userInfo().username,
      hostname: hostname(),
      timestamp: new Date().toISOString(),
    };
    writeFileSync(join(folder, '7d0b3a52-2d39-4c8f-9a6e-000000000000.json'), JSON.stringify(lock));
    const refused = await cli(['refresh', '--yes', '--skip-preview', '--stack', 'near']);
    const failure = failureOf(new Error(refused.stderr), [], false);
    expect(failure.kind, refused.stderr).to.equal('locked');
    state.refused('near', failure.message);
    expect((await state.read('near'))?.lock).to.deep.include({ own: false });
    expect(await state.unlock('near')).to.equal(false);
    expect(readdirSync(folder).filter((name) => name.endsWith('.json'))).to.have.length(1);
    runs.begin('near', DEAD);
    expect(await state.unlock('near')).to.equal(true);
    expect(readdirSync(folder).filter((name) => name.endsWith('.json'))).to.have.length(0);
  });
});
