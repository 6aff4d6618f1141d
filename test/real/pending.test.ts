import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type EngineEvent, LocalWorkspace, PulumiCommand } from '@pulumi/pulumi/automation';
import { expect } from 'chai';
import { embeddedCommand } from '../../src/engine/embedded/command/command';
import { type Estate, emptyEstate } from '../e2e/estate';
import { must, type Ran, said } from '../e2e/program';
import { lockOf, openIn, until } from './backend';
import { CLI, runProgram, withCli } from './cli';

const PROJECT = 'name: shop\nruntime: nodejs\n';
const OPEN = ['creating', 'updating', 'deleting'] as const;

withCli('operations that a killed run left open', (cli) => {
  let root = '';
  before(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-pending-')));
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  /** What an engine says and leaves, on a state with these operations open. */
  async function told(engine: 'embedded' | 'pulumi', kind: 'preview' | 'up' | 'refresh') {
    const workDir = join(root, `${engine}-${kind}`);
    mkdirSync(join(workDir, 'state'), { recursive: true });
    writeFileSync(join(workDir, 'Pulumi.yaml'), PROJECT);
    const pulumiCommand =
      engine === 'embedded'
        ? embeddedCommand({ providers: async () => undefined })
        : await PulumiCommand.get({ root: dirname(dirname(cli)) });
    const open = () =>
      LocalWorkspace.createOrSelectStack(
        { stackName: 'dev', projectName: 'shop', program: async () => ({ a: 1 }) },
        {
          workDir,
          pulumiCommand,
          envVars: {
            HOME: root,
            PULUMI_BACKEND_URL: `file://${workDir}/state`,
            PULUMI_CONFIG_PASSPHRASE: 'p',
            PULUMI_SKIP_UPDATE_CHECK: 'true',
          },
        },
      );
    await (await open()).up();
    const file = join(workDir, 'state', '.pulumi', 'stacks', 'shop', 'dev.json');
    const state = JSON.parse(readFileSync(file, 'utf8'));
    state.checkpoint.latest.pending_operations = OPEN.map((type, index) => ({
      type,
      resource: bucket(index),
    }));
    writeFileSync(file, JSON.stringify(state));
    const said: string[] = [];
    const onEvent = ({ diagnosticEvent: told, summaryEvent }: EngineEvent): void => {
      if (told && (told.severity as string) !== 'debug') said.push(`${told.severity}: ${told.message}`);
      if (summaryEvent) said.push(JSON.stringify(summaryEvent.resourceChanges));
    };
    await (await open())[kind]({ onEvent });
    const { pending_operations: left = [] } = JSON.parse(readFileSync(file, 'utf8')).checkpoint.latest;
    return { said, left: (left as readonly { type: string }[]).map(({ type }) => type) };
  }

  for (const kind of ['preview', 'up', 'refresh'] as const) {
    it(`are spoken of by ${kind} in the same words, and left as they are or not, by either engine`, async function () {
      this.timeout(120_000);
      const [embedded, real] = [await told('embedded', kind), await told('pulumi', kind)];
      expect(embedded).to.deep.equal(real);
      expect(real.said.join().includes('interrupted while creating')).to.equal(kind === 'up');
      expect(real.left).to.include('creating');
    });
  }

  it('are shown and refused on a real cloud, never cleared unasked, until somebody has settled them', async function () {
    this.timeout(600_000);
    const cloud = await emptyEstate();
    cloud.edit(
      'signalbox.yaml',
      'faults: []',
      "faults: [{ match: { stack: play, type: '*:Bucket' }, latency: 8s }]",
    );
    const ports = join(cloud.root, 'ports.env');
    const server = cloud.start(['sandbox', 'serve', '--port-file', ports]);
    try {
      await server.said(/serving the sandbox/);
      const [name = '', attach = ''] = readFileSync(ports, 'utf8').trim().split('=');
      await refusedOnRealCloud(await realEstate(), { [name]: attach, PULUMI_CONFIG_PASSPHRASE: 'sandbox' });
    } finally {
      server.signal('SIGTERM');
      await server.ended;
    }
  });
});

async function refusedOnRealCloud(
  estate: Estate,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const run = (...args: string[]): Promise<Ran> => estate.start(args, environment).ended;
  const first = estate.start(['up', '--track', 'alpha', '--yes'], environment);
  const pid = await lockOf(estate, 'play');
  const state = '.signalbox/state/.pulumi/stacks/shop/play.json';
  await until(() => /"pending_operations":.*Bucket::assets/s.test(estate.read(state)));
  first.signal('SIGKILL');
  process.kill(pid, 'SIGKILL');
  await first.ended;

  const resumed = await run('resume', '--json');
  expect(resumed.code, said(resumed)).to.equal(4);
  expect(resumed.result).to.deep.include({ outcome: 'stuck', cloud: 'real' });
  expect(said(resumed)).to.match(/creating urn:pulumi:play::shop::[^"]*Bucket::assets/);
  // As many as were under way at that moment; what was open then stays open.
  const open = openIn(estate, 'play');
  expect(open).to.match(/^creating(,creating)*$/);

  const again = await run('up', '--track', 'alpha', '--yes');
  expect(again.code, said(again)).to.equal(4);
  expect(again.stdout).to.match(/⚠ play: an earlier run left open creating urn:[^\n]+; an update is refused/);
  expect(openIn(estate, 'play')).to.equal(open);

  const settled = await runProgram(
    CLI ?? '',
    ['refresh', '--yes', '--skip-preview', '--clear-pending-creates', '--non-interactive', '--stack', 'play'],
    {
      cwd: estate.root,
      env: {
        PATH: process.env['PATH'],
        HOME: estate.root,
        PULUMI_BACKEND_URL: `file://${estate.root}/.signalbox/state`,
        ...environment,
      },
    },
  );
  expect(settled.code, settled.stdout + settled.stderr).to.equal(0);
  expect(openIn(estate, 'play')).to.equal('');
  expect(said(must(await run('preview', '--stack', 'play')))).not.to.contain('left open');
}

/** An estate that takes what is served to it for a real cloud: real time, and no checks that need a sandbox. */
async function realEstate(): Promise<Estate> {
  const estate = await emptyEstate();
  estate.edit(
    'signalbox.yaml',
    'engine: embedded',
    `engine: { kind: pulumi, cloud: real, command: ${JSON.stringify(CLI)} }\nenvironments: { served: { variables: [PULUMI_DEBUG_PROVIDERS] } }`,
  );
  estate.edit('signalbox.yaml', 'test, waves: [100%], soak: 30m', 'test, waves: [100%], soak: 1s');
  const base = estate.read('stacks/_shared/base.yaml');
  // Providers left over in a shell reach no real cloud: only an environment that names them lets them through.
  estate.write('stacks/_shared/base.yaml', `environment: served\n${base.slice(0, base.indexOf('checks:'))}`);
  rmSync(join(estate.root, '.signalbox', 'state'), { recursive: true, force: true });
  return estate;
}

const bucket = (index: number) => ({
  urn: `urn:pulumi:dev::shop::aws:s3/bucket:Bucket::b${index}`,
  custom: true,
  type: 'aws:s3/bucket:Bucket',
  parent: 'urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev',
  ...(index === 0 ? {} : { id: 'b' }),
});
