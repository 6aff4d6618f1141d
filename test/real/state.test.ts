import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect } from 'chai';
import { BETA, type Estate, runningEstate, V1, V2 } from '../e2e/estate';
import { must, said } from '../e2e/program';
import { lockOf, openIn, until } from './backend';
import { CLI, ENGINE, type Ended, runProgram, withCli } from './cli';

const repository = resolve(__dirname, '..', '..');
const SLOW = 'faults: [{ match: { stack: stage-a }, latency: 400ms }]';
const SLOWER = 'faults: [{ match: { stack: stage-a }, latency: 10s }]';
const EMBEDDED = 'engine: embedded';
const REAL = `engine: ${ENGINE}`;

/** What plain `pulumi` needs to run in an estate: the variables, and the ports of a served sandbox. */
async function served<T>(
  estate: Estate,
  work: (pulumi: (...args: string[]) => Promise<Ended>) => Promise<T>,
) {
  const file = join(estate.root, 'ports.env');
  const server = estate.start(['sandbox', 'serve', '--port-file', file]);
  try {
    await server.said(/serving the sandbox/);
    const [name = '', ports = ''] = readFileSync(file, 'utf8').trim().split('=');
    const env = {
      PATH: process.env['PATH'],
      HOME: estate.root,
      PULUMI_BACKEND_URL: `file://${estate.root}/.signalbox/state`,
      PULUMI_CONFIG_PASSPHRASE: 'sandbox',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      [name]: ports,
    };
    return await work((...args) =>
      runProgram(CLI ?? '', [...args, '--non-interactive'], { cwd: estate.root, env }),
    );
  } finally {
    server.signal('SIGTERM');
    expect((await server.ended).code).to.equal(0);
  }
}

/** A `main` for Pulumi.yaml that runs this repository's sources. */
const MAIN = `require('ts-node').register({ project: ${JSON.stringify(join(repository, 'tsconfig.json'))} });
module.exports = require(${JSON.stringify(join(repository, 'src', 'program'))}).program;
`;
const PULUMI_YAML = `name: shop
runtime: { name: nodejs, options: { typescript: false } }
main: scripts/main.js
stackConfigDir: .pulumi-stacks
`;

withCli('one state, two engines', () => {
  it('an update by one engine is no change to the other, both ways', async function () {
    this.timeout(600_000);
    const estate = await runningEstate();
    estate.edit('signalbox.yaml', EMBEDDED, REAL);
    const seen = must(await estate.run('preview', '--all', '--expect-no-changes', '--json'));
    expect(seen.result).to.deep.include({ engine: 'pulumi', cloud: 'sandbox' });
    must(await estate.run('promote', '--track', 'beta'));
    expect(estate.images()).to.include(Object.fromEntries(BETA.map((stack) => [stack, V2])));
    estate.edit('signalbox.yaml', REAL, EMBEDDED);
    must(await estate.run('preview', '--all', '--expect-no-changes'));
    must(await estate.run('rollback', '--track', 'beta'));
    estate.edit('signalbox.yaml', EMBEDDED, REAL);
    must(await estate.run('preview', '--all', '--expect-no-changes'));
    expect(estate.images()).to.include(Object.fromEntries(BETA.map((stack) => [stack, V1])));
  });

  it('honours the locks of the other, names who holds them, and goes on when they are gone', async function () {
    this.timeout(600_000);
    const estate = await runningEstate();
    // The served cloud keeps the faults it started with.
    estate.edit('signalbox.yaml', 'faults: []', SLOWER);
    await served(estate, async (pulumi) => {
      estate.edit('signalbox.yaml', SLOWER, SLOW);
      const promoting = estate.start(['promote', '--track', 'beta']);
      await promoting.said(/stage-a: update to beta\.2 started/);
      await lockOf(estate, 'stage-a');
      const goOn = promoting.hold();
      const refused = await pulumi('refresh', '--yes', '--skip-preview', '--stack', 'stage-a');
      expect(refused.stderr + refused.stdout).to.match(/currently locked by 1 lock/);
      expect(refused.code).not.to.equal(0);
      goOn();
      must(await promoting.ended);

      const refreshing = pulumi('refresh', '--yes', '--skip-preview', '--stack', 'stage-a');
      await lockOf(estate, 'stage-a');
      const back = await estate.run('rollback', '--track', 'beta');
      expect((await refreshing).code).to.equal(0);
      expect(said(back)).to.match(/the lock of stage-a is held by \S+@\S+ \(pid \d+\) since \d{4}-\S+Z/);
      must(back);
    });
    expect(estate.images()).to.include(Object.fromEntries(BETA.map((stack) => [stack, V1])));
  });

  for (const moment of ['before', 'after'] as const) {
    it(`is resumed to the same end when driver and CLI are killed ${moment} the cloud has created something`, async function () {
      this.timeout(600_000);
      const estate = await runningEstate();
      estate.edit('signalbox.yaml', EMBEDDED, REAL);
      const slow = "faults: [{ match: { stack: stage-b, type: '*PodDisruptionBudget' }, latency: 8s }]";
      estate.edit('signalbox.yaml', 'faults: []', slow);
      const start = estate.calls().length;
      const made = () => estate.calls(start).flatMap(({ call, urn }) => (call === 'create' ? [urn] : []));
      const first = estate.start(['promote', '--track', 'beta']);
      await first.said(/stage-b: update to beta\.2 started/);
      const pid = await lockOf(estate, 'stage-b');
      await until(() => openIn(estate, 'stage-b').includes('creating'));
      if (moment === 'after') await until(() => made().some((urn) => urn.includes('pulumi:stage-b::')));
      first.signal('SIGKILL');
      process.kill(pid, 'SIGKILL');
      expect((await first.ended).code).to.equal('SIGKILL');
      // Something else may have been under way beside it.
      expect(openIn(estate, 'stage-b')).to.include('creating');
      const resumed = must(await estate.run('resume', '--json'));
      expect(resumed.result).to.deep.include({ outcome: 'converged', release: 'beta.2' });
      expect(estate.images()).to.include(Object.fromEntries(BETA.map((stack) => [stack, V2])));
      expect(made()).to.have.members([...new Set(made())]);
      expect(openIn(estate, 'stage-b')).to.equal('');
      must(await estate.run('preview', '--all', '--expect-no-changes'));
    });
  }

  it('plain pulumi runs the same program on the same state, without Signalbox', async function () {
    this.timeout(600_000);
    if (!existsSync(join(dirname(CLI ?? ''), 'pulumi-language-nodejs'))) this.skip();
    const estate = await runningEstate();
    estate.write('scripts/main.js', MAIN);
    estate.write('Pulumi.yaml', PULUMI_YAML);
    await served(estate, async (pulumi) => {
      const isUnchanged = async (after: string): Promise<void> => {
        for (const stack of ['stage-b', 'gold']) {
          const seen = await pulumi('preview', '--stack', stack, '--expect-no-changes', '--diff');
          expect(seen.code, `${after}: ${seen.stdout}${seen.stderr}`).to.equal(0);
          expect(seen.stdout).to.match(/\d+ unchanged/);
        }
      };
      must(await estate.run('promote', '--track', 'beta'));
      await isUnchanged('a promotion by the embedded engine');
      estate.edit('signalbox.yaml', EMBEDDED, REAL);
      must(await estate.run('rollback', '--track', 'beta'));
      await isUnchanged('a rollback by the real CLI');
    });
  });
});
