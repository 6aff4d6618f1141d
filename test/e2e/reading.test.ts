import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Estate, runningEstate } from './estate';
import { must } from './program';

describe('asking what is', function () {
  this.timeout(300_000);
  let estate: Estate;

  before(async () => {
    estate = await runningEstate();
  });

  it('status says what runs where since when, and what to do next', async () => {
    const ran = must(await estate.run('status'));
    expect(ran.stdout).to.match(/^shop · embedded engine, sandbox cloud\n/);
    expect(ran.stdout).to.match(/beta +beta\.1 +proven +alpha's alpha\.1 is ready/);
    expect(ran.stdout).to.match(/stage-a +staging +beta\.1 +\d{4}-\d\d-\d\d \d\d:\d\dZ .*ago/);
    expect(ran.stdout).to.contain('next: npm run promote -- --track beta\n');
  });

  it('history tells every rollout, and every update of a stack', async () => {
    const rollouts = must(await estate.run('history'))
      .stdout.trim()
      .split('\n');
    expect(rollouts).to.have.length(5);
    expect(rollouts.at(-1)).to.equal('next: npm run history -- --track prod --events');
    expect(rollouts[2]).to.match(/beta +baseline +beta\.1 +4 stacks .*ada +converged/);
    const updates = must(await estate.run('history', '--stack', 'live-b', '--json')).result;
    const lines = updates['updates'] as readonly Readonly<Record<string, unknown>>[];
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include({ stack: 'live-b', release: 'beta.1', result: 'succeeded' });
  });

  it('history of a stack that another track updates says so', async () => {
    const ran = must(await estate.run('history', '--stack', 'gold', '--track', 'beta'));
    expect(ran.stdout).to.equal('beta never updated gold; prod did: npm run history -- --stack gold\n');
  });

  it('a stack that follows another track by now is told, with the command that brings it there', async () => {
    estate.edit('stacks/production/live-b.yaml', 'track: beta', 'track: alpha');
    const ran = must(await estate.run('status'));
    estate.edit('stacks/production/live-b.yaml', 'track: alpha', 'track: beta');
    expect(ran.stdout)
      .to.contain('its folder pins alpha.1, which live-b does not run')
      .and.contain('next: npm run up -- --track alpha\n');
  });

  it('a stack without a file that still runs is in status, history and doctor', async () => {
    const file = 'stacks/production/gold.yaml';
    const text = estate.read(file);
    rmSync(join(estate.root, file));
    const [status, history] = [
      must(await estate.run('status')),
      await estate.run('history', '--stack', 'gold'),
    ];
    const doctor = await estate.run('doctor');
    estate.write(file, text);
    expect(status.stdout).to.match(/gold +prod\.1 .*no file describes it any more: bring its file back/);
    expect(must(history).stdout).to.match(/update +prod\.1 .*succeeded/);
    expect(doctor.code).to.equal(1);
    expect(doctor.stdout).to.contain('✖ stack without a file: gold still runs');
  });

  it('explain says file and line of a value, and what it overrode', async () => {
    const ran = must(
      await estate.run('explain', '--stack', 'live-b', '--value', 'components.web.inputs.replicas'),
    );
    expect(ran.stdout).to.match(
      /components\.web\.(inputs\.)?replicas +3 +stacks\/production\/live-b\.yaml:6:/,
    );
    expect(ran.stdout).to.match(/ 2 +overrode stacks\/_shared\/base\.yaml:4:/);
    const all = must(await estate.run('explain', '--stack', 'live-b', '--json')).result;
    expect((all['values'] as readonly unknown[]).length).to.be.greaterThan(5);
  });

  it('vendor check finds every folder as it is locked', async () => {
    const ran = must(await estate.run('vendor', 'check'));
    expect(ran.stdout).to.equal(
      'every track folder holds exactly what its pins and lock say\nnext: npm run status\n',
    );
  });

  it('vendor diff shows what a pull would change, and pull does it', async () => {
    const differences = must(await estate.run('vendor', 'diff', '--track', 'beta')).stdout;
    expect(differences).to.match(/^web: [0-9a-f]{12} → [0-9a-f]{12} \(2 files\)/);
    expect(differences).to.contain("-const VERSION = '1.0.0';").and.contain("+const VERSION = '2.0.0';");
    const pulled = must(await estate.run('vendor', 'pull', '--track', 'beta')).stdout;
    expect(pulled)
      .to.match(/^tracks\/beta: web pinned/)
      .and.contain('next: npm run up -- --track beta');
    expect(estate.read('tracks/beta/web/index.ts')).to.contain("'2.0.0'");
    expect(must(await estate.run('status')).stdout)
      .to.contain('its folder pins other content, which live-a, live-b, stage-a and 1 more do not run')
      .and.contain('next: npm run up -- --track beta\n');
    const again = must(await estate.run('vendor', 'pull', '--track', 'beta')).stdout;
    expect(again).to.equal('tracks/beta: nothing to pull\nnext: npm run status\n');
    must(await estate.run('vendor', 'check'));
  });

  it('doctor finds nothing wrong, and says what is missing where something is', async () => {
    const well = must(await estate.run('doctor'));
    expect(well.stdout).to.contain('✔ engine: embedded').and.not.contain('✖');
    estate.git('rm', '--quiet', '.pulumi-stacks/Pulumi.gold.yaml');
    const ill = await estate.run('doctor');
    expect(ill.code).to.equal(1);
    expect(ill.stdout).to.contain('✖ stack files: missing for gold').and.contain('pulumi stack init');
    estate.git('add', '--force', '.signalbox/ledger.db');
    const planted = await estate.run('doctor');
    expect(planted.code).to.equal(2);
    expect(planted.stderr)
      .to.contain('git keeps .signalbox/ledger.db')
      .and.contain('git rm -r --cached .signalbox');
    estate.git('rm', '--quiet', '--cached', '.signalbox/ledger.db');
    estate.edit('signalbox.yaml', 'engine: embedded', 'engine: { kind: pulumi, command: /nowhere/pulumi }');
    const real = await estate.start(['doctor'], { PULUMI_BACKEND_URL: 's3://elsewhere' }).ended;
    expect(real.code).to.equal(1);
    expect(real.stdout)
      .to.contain('✖ engine: /nowhere/pulumi is no program\n    npm run engine -- install')
      .and.contain('✖ passphrase: missing for')
      .and.contain('✖ backend: .signalbox/state, on this machine only')
      .and.contain('✖ backend: PULUMI_BACKEND_URL names s3://elsewhere')
      .and.contain('PULUMI_CONFIG_PASSPHRASE_FILE');
  });
});
