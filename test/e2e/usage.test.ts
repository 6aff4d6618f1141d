import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { COMMANDS } from '../../src/cli/commands';
import { type Estate, emptyEstate } from './estate';
import { type Ran, said } from './program';

const ESCAPE = String.fromCharCode(27);

describe('using it wrongly', function () {
  this.timeout(300_000);
  let estate: Estate;

  before(async () => {
    estate = await emptyEstate();
  });

  const refused: readonly (readonly [string, readonly string[], number, readonly string[]])[] = [
    ['an unknown command', ['promot', '--track', 'beta'], 2, ["unknown command 'promot'", 'promote']],
    ['nothing at all', [], 2, ['Usage: signalbox', 'Exit codes:', 'no command is given']],
    ['half a command', ['vendor'], 2, ['Usage: signalbox vendor', 'pull', 'no command is given']],
    ['help on a command that is none', ['help', 'nope'], 2, ["unknown command 'nope'", 'signalbox --help']],
    ['a mistyped command', ['statsu'], 2, ['Did you mean status?', 'signalbox status --help']],
    [
      'a stack that is a word of the language',
      ['preview', '--stack', 'toString'],
      6,
      ['no stack "toString"'],
    ],
    ['an unknown option', ['promote', '--trak', 'beta'], 2, ["unknown option '--trak'", '--track']],
    ['a stray word', ['promote', 'beta'], 2, ['too many arguments', 'signalbox promote --help']],
    ['no track', ['promote'], 2, ['--track is missing', 'alpha, beta, prod']],
    [
      'a track that is none',
      ['up', '--track', 'gamma'],
      6,
      ['there is no track "gamma"', 'alpha, beta, prod'],
    ],
    [
      'a release that is none',
      ['promote', '--track', 'prod', '--to', 'beta.9', '--dry-run'],
      6,
      ['beta has no release "beta.9": the sandbox is empty'],
    ],
    [
      'a track folder that is none',
      ['vendor', 'check', '--track', '__proto__'],
      6,
      ['there is no track "__proto__"', 'alpha, beta, prod'],
    ],
    ['a stack that is none', ['explain', '--stack', 'stage-c'], 6, ['stage-c']],
    ['two choices at once', ['preview', '--all', '--stack', 'gold'], 2, ['choose one of']],
    ['a format that is none', ['preview', '--format', 'html'], 2, ['text, markdown, json']],
  ];
  for (const [what, args, code, words] of refused) {
    it(`${what} is refused with ${code}, and what to do instead`, async () => {
      const ran = await estate.run(...args);
      expect(ran.code, said(ran)).to.equal(code);
      expect(ran.stdout).to.equal('');
      for (const word of words) expect(ran.stderr).to.contain(word);
      expectPlain(ran);
    });
  }

  it('a .signalbox that came with the repository is refused by whatever would read it', async () => {
    const planted = await emptyEstate();
    planted.write('.signalbox/store/0123.js/index.js', '');
    planted.git('add', '--force', '.signalbox/store/0123.js/index.js');
    for (const command of ['status', 'doctor', 'explain']) {
      const ran = await planted.run(command);
      expect(ran.code, said(ran)).to.equal(2);
      expect(ran.stderr).to.include('came with the repository: git keeps .signalbox/store/0123.js/index.js');
      expectPlain(ran);
    }
  });

  it('options that npm kept for itself are refused with the command that was meant', async () => {
    const ran = await estate.start(['promote', 'beta'], {
      npm_lifecycle_event: 'promote',
      npm_config_track: 'true',
      npm_config_dry_run: 'true',
    }).ended;
    expect(ran.code).to.equal(2);
    expect(ran.stderr).to.contain('npm run promote -- --track beta --dry-run');
  });

  it('the folder may be named before the command', async () => {
    const ran = await estate.run('--json', '--cwd', estate.root, 'status');
    expect(ran.result, said(ran)).to.deep.include({ type: 'result', command: 'status', exitCode: 0 });
  });

  it('a folder without signalbox.yaml is named', async () => {
    const ran = await estate.run('status', '--cwd', join(estate.root, 'stacks', '_shared'));
    expect([ran.code, ran.stdout]).to.deep.equal([2, '']);
    expect(ran.stderr).to.contain('no signalbox.yaml in').and.contain('--cwd <folder>');
  });

  it('a broken configuration is refused with every problem at its place, and nothing is written', async () => {
    const broken = await emptyEstate();
    rmSync(join(broken.root, '.signalbox'), { recursive: true, force: true });
    broken.edit('signalbox.yaml', 'name: staging', 'nam: staging');
    broken.edit('stacks/staging/stage-b.yaml', 'channel: staging', 'channel: stagin');
    broken.edit('stacks/production/gold.yaml', 'track: prod', 'track: gold');
    const before = broken.files();
    const ran = await broken.run('promote', '--track', 'beta');
    expect(ran.code).to.equal(2);
    expect(ran.stderr).to.contain('✖ signalbox.yaml:6:').and.contain('did you mean "name"?');
    expect(ran.stderr).to.contain('✖ stacks/production/gold.yaml:3:');
    expect(ran.stderr).to.contain('✖ stacks/staging/stage-b.yaml:2:');
    expect(ran.stderr).to.match(/\d+ problems; nothing was done/);
    expect(broken.files()).to.deep.equal(before);
    expectPlain(ran);
    const json = await broken.run('status', '--json');
    expect(json.result).to.deep.include({ type: 'result', outcome: 'error', exitCode: 2 });
    expect(json.result['problems']).to.have.length.greaterThan(2);
  });

  it('a track folder that was edited by hand is refused by name', async () => {
    const edited = await emptyEstate();
    edited.edit('tracks/beta/web/index.ts', "VERSION = '1.0.0'", "VERSION = '1.0.1'");
    for (const args of [['promote'], ['up'], ['vendor', 'check']]) {
      const ran = await edited.run(...args, '--track', 'beta');
      expect(ran.code, said(ran)).to.equal(2);
      expect(ran.stderr).to.contain('tracks/beta/web/index.ts').and.contain('npm run vendor -- pull');
      expectPlain(ran);
    }
  });

  it('a damaged ledger is refused, named and left alone', async () => {
    const damaged = await emptyEstate();
    await damaged.run('status');
    const file = join(damaged.root, '.signalbox', 'ledger.db');
    writeFileSync(file, 'this is no ledger at all, it is a text of some length\n'.repeat(20));
    const before = damaged.read('.signalbox/ledger.db');
    for (const command of [['status'], ['history'], ['promote', '--track', 'beta'], ['doctor']]) {
      const ran = await damaged.run(...command);
      expect(ran.code, said(ran)).to.equal(1);
      expect(said(ran)).to.contain('ledger.db');
      expectPlain(ran);
    }
    expect(damaged.read('.signalbox/ledger.db')).to.equal(before);
    const doctor = await damaged.run('doctor');
    expect(doctor.stdout).to.match(/✔ git: .*✖ ledger: \S+ledger\.db is not a ledger[^\n]*\n {4}\w+/s);
  });

  it('a folder that cannot be used is the world’s failure: named, no bug of ours, and the command ends', async () => {
    const estate = await emptyEstate();
    rmSync(join(estate.root, '.signalbox', 'logs'), { recursive: true, force: true });
    estate.write('.signalbox/logs', 'no folder');
    const ran = await estate.run('preview', '--stack', 'play');
    expect(ran.code, said(ran)).to.equal(1);
    expect(ran.stderr)
      .to.match(/✖ E\w+: .*\.signalbox\/logs/)
      .and.contain('see to the disk');
    expectPlain(ran);
  });
});

describe('every command', function () {
  this.timeout(300_000);

  for (const { name, group } of COMMANDS) {
    const words = group ? [group[0], name] : [name];

    it(`${words.join(' ')} says in its help how it is used and what its exit codes mean`, async () => {
      const estate = await helpEstate();
      const ran = await estate.run(...words, '--help');
      expect(ran.code).to.equal(0);
      expect(ran.stdout).to.contain(`Example:\n  signalbox ${words.join(' ')}`);
      expect(ran.stdout).to.match(/Exit codes:\s+0 /);
      expectPlain(ran);
    });

    it(`${words.join(' ')} --json ends with a result line, also where it cannot do it`, async () => {
      const estate = await helpEstate();
      const ran = await estate.run(...words, '--json', '--track', 'nowhere');
      expect(ran.stderr).to.equal('');
      expect(ran.lines).to.have.length(ran.stdout.trim().split('\n').length);
      expect(ran.result).to.include({ type: 'result', schemaVersion: 1, exitCode: ran.code });
    });
  }
});

let shared: Promise<Estate> | undefined;
const helpEstate = (): Promise<Estate> => {
  shared ??= emptyEstate();
  return shared;
};

/** No stack trace, and nothing that only a terminal understands. */
function expectPlain(ran: Ran): void {
  expect(said(ran)).not.to.match(/^\s+at .*:\d+:\d+\)?$/m);
  expect(said(ran)).not.to.contain(ESCAPE);
}
