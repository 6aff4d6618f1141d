import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadProject } from '../../src/config/load';
import { commit, digest, edit, inRepository, line, load, now, project, sound } from './repository';

const shop = 'stacks/production/shop-eu1.yaml';

describe('loading a repository', () => {
  it('resolves limits of the engine and how environments reach their accounts', async () => {
    const { engine, environments } = await project({
      'signalbox.yaml': String(sound['signalbox.yaml'])
        .replace(
          'engine: embedded',
          'engine: { kind: pulumi, parallel: 16, limits: { perBackend: 8, perAccount: 4, accounts: { "123456789012": 2 } } }',
        )
        .replace('profile: shop-test', 'account: "123456789012", profile: shop-test, role: deploy'),
    });
    expect(engine).to.deep.equal({
      kind: 'pulumi',
      parallel: 16,
      limits: { perBackend: 8, perAccount: 4, accounts: { '123456789012': 2 } },
      timeout: 3_600_000,
    });
    expect(environments['aws-test']).to.deep.equal({
      account: '123456789012',
      profile: 'shop-test',
      role: 'deploy',
      region: 'eu-west-1',
      variables: ['AWS_TOKEN'],
    });
  });

  it('resolves channels, engine and sandbox with their defaults', async () => {
    const { name, engine, sandbox, channels, environments } = await project();
    expect({ name, engine, sandbox, channels, environments }).to.deep.equal({
      name: 'shop',
      engine: { kind: 'embedded', timeout: 3_600_000 },
      sandbox: { timeScale: 3600, seed: 'shop', faults: [] },
      channels: [
        {
          name: 'test',
          waves: [{ count: 1 }, { percent: 100 }],
          soak: 1_800_000,
          failureBudget: 0,
          onFailure: 'take-back',
        },
        {
          name: 'production',
          waves: [{ count: 1 }, { percent: 50 }, { percent: 100 }],
          soak: 7_200_000,
          failureBudget: 0,
          onFailure: 'take-back',
        },
      ],
      environments: { 'aws-test': { profile: 'shop-test', region: 'eu-west-1', variables: ['AWS_TOKEN'] } },
    });
  });

  it('takes the backend of Pulumi.yaml where signalbox.yaml names none', async () => {
    const real = edit('signalbox.yaml', 'engine: embedded', 'engine: pulumi');
    const { engine } = await project({
      ...real,
      'Pulumi.yaml': 'name: shop\nbackend: { url: s3://states }\n',
    });
    expect(engine).to.deep.include({ kind: 'pulumi', backend: 's3://states' });
  });

  it('keeps the state of the sandbox where it is, whatever Pulumi.yaml says of the real one', async () => {
    const there = { 'Pulumi.yaml': 'name: shop\nbackend: { url: s3://states }\n' };
    const settings = ['embedded', '{ kind: pulumi, cloud: sandbox }'];
    for (const written of settings) {
      const { engine } = await project({
        ...edit('signalbox.yaml', 'engine: embedded', `engine: ${written}`),
        ...there,
      });
      expect(engine).not.to.have.property('backend');
    }
    const own = 'engine: { kind: embedded, backend: "file:///tmp/states" }';
    const { engine } = await project({ ...edit('signalbox.yaml', 'engine: embedded', own), ...there });
    expect(engine.backend).to.equal('file:///tmp/states');
  });

  it('leaves it to Pulumi to say what is wrong with the rest of Pulumi.yaml', async () => {
    const files = ['name: shop\nruntime: [', '- a list', '', `name: ${'['.repeat(10_000)}`, 'name: { a: 1 }'];
    for (const text of files) {
      const loaded = await load({ ...sound, 'Pulumi.yaml': text });
      expect(loaded.ok, text.slice(0, 40)).to.equal(true);
    }
  });

  it('resolves a stack with its fragment beneath it and its checks in full', async () => {
    const { stacks } = await project();
    expect(stacks['test-eu1']).to.deep.equal({
      name: 'test-eu1',
      channel: 'test',
      track: 'beta',
      environment: 'aws-test',
      labels: { region: 'eu-west-1', team: 'shop' },
      dependsOn: [],
      critical: false,
      providers: {},
      components: {
        network: { component: 'network', track: 'beta', inputs: { cidr: '10.0.0.0/16' } },
        web: {
          component: 'web',
          track: 'beta',
          inputs: { replicas: 3, host: 'a.example', vpc: { from: 'network.vpcId' } },
        },
      },
      outputs: { url: { from: 'web.url' } },
      checks: [
        {
          name: 'answers',
          test: { kind: 'http', urlOutput: 'url', path: '/healthz', status: 200 },
          every: 10_000,
          pass: { needed: 2, of: 3 },
          timeout: 5_000,
        },
      ],
    });
  });

  it('resolves tracks with their pins and where they come from', async () => {
    const { tracks } = await project();
    expect(tracks['beta']).to.deep.equal({
      name: 'beta',
      upstream: 'alpha',
      components: { network: { commit, digest }, web: { commit, digest } },
    });
    expect(tracks['alpha']?.trunk).to.deep.equal({ source: '.', path: 'components', ref: 'HEAD' });
  });

  it('reads every form of output check', async () => {
    const checks = [
      'output: url, equals: http://a',
      'output: url, matches: "^http"',
      'output: web.readyReplicas, between: [1, 3]',
      'output: web.readyReplicas, atLeast: 2, pass: 3 of 5, every: 1m, timeout: 2s',
      'output: web.readyReplicas, atMost: 9',
      'output: url, exists: false',
    ].map((check, index) => `\n  - { name: c${index}, ${check} }`);
    const path = 'stacks/test/test-eu1.yaml';
    const { stacks } = await project(
      edit(path, '\n  - { name: answers, http: { url: { output: url }, path: /healthz } }', checks.join('')),
    );
    const tests = stacks['test-eu1']?.checks.map(({ test }) => test.kind === 'output' && test.condition);
    expect(tests).to.deep.equal([
      { equals: 'http://a' },
      { matches: '^http' },
      { between: [1, 3] },
      { atLeast: 2 },
      { atMost: 9 },
      { exists: false },
    ]);
    const { every, pass, timeout } = stacks['test-eu1']?.checks[3] ?? {};
    expect({ every, pass, timeout }).to.deep.equal({
      every: 60_000,
      pass: { needed: 3, of: 5 },
      timeout: 2_000,
    });
  });

  it('lets one component follow another track, bear another name, or be pinned until a date', async () => {
    const pin = `commit: "${commit}", digest: "${digest}", reason: waits for the audit, until: 2027-01-31`;
    const { stacks } = await project(
      edit(
        shop,
        'components:\n',
        `components:\n  edge: { component: web, track: alpha, ${pin} }\n  db: { component: network, track: alpha }\n`,
      ),
    );
    expect(stacks['shop-eu1']?.components['edge']).to.deep.equal({
      component: 'web',
      track: 'alpha',
      pin: { commit, digest, reason: 'waits for the audit', until: '2027-01-31' },
      inputs: {},
    });
    expect(stacks['shop-eu1']?.components['db']?.track).to.equal('alpha');
  });

  it('makes a stack wait for every stack whose output it reads', async () => {
    const { stacks } = await project(edit(shop, 'dependsOn: [test-eu1]\n', ''));
    expect(stacks['shop-eu1']?.dependsOn).to.deep.equal(['test-eu1']);
  });

  it('takes a last wave by count for all stacks when it holds them all', async () => {
    const { channels } = await project(edit('signalbox.yaml', '[1, 50%, 100%]', '[1]'));
    expect(channels[1]?.waves).to.deep.equal([{ percent: 100 }]);
  });

  it('refuses a last wave by count once the channel holds more stacks', async () => {
    const more = {
      ...edit('signalbox.yaml', '[1, 50%, 100%]', '[1]'),
      'stacks/production/shop-us1.yaml': String(sound[shop]),
    };
    const loaded = await load(more);
    expect(loaded.ok ? [] : loaded.problems.map(line)).to.deep.equal([
      'signalbox.yaml:6:33 the last wave holds 1 of 2 stacks (end the waves with 100%)',
    ]);
  });

  it('leaves maps with more keys beside from or secret as plain data', async () => {
    const { stacks } = await project(
      edit('stacks/test/test-eu1.yaml', '{ cidr: 10.0.0.0/16 }', '{ rule: { from: 80, to: 90 } }'),
    );
    expect(stacks['test-eu1']?.components['network']?.inputs).to.deep.equal({ rule: { from: 80, to: 90 } });
  });

  it('keeps null as a value', async () => {
    const { stacks } = await project(edit('stacks/test/test-eu1.yaml', 'cidr: 10.0.0.0/16', 'cidr: null'));
    expect(stacks['test-eu1']?.components['network']?.inputs).to.deep.equal({ cidr: null });
  });

  it('tells all problems of all files at once, sorted by file, line and column', async () => {
    const loaded = await load({
      ...edit('signalbox.yaml', 'soak: 30m', 'soak: 30'),
      ...edit('tracks/beta/track.yaml', 'upstream: alpha', 'upstream: alfa'),
      ...edit(shop, 'channel: production\ntrack: beta', 'channel: prod\ntrack: betta\ncolour: red'),
    });
    expect(
      loaded.ok ? [] : loaded.problems.map((problem) => `${line(problem)} ${problem.rule}`),
    ).to.deep.equal([
      'signalbox.yaml:5:43 30 is not a duration (write it as 90s, 30m, 2h or 7d) schema',
      'stacks/production/shop-eu1.yaml:2:10 "prod" is not a channel (channels: test, production) stacksAreInOneChannel',
      'stacks/production/shop-eu1.yaml:3:8 "betta" is not a track (did you mean "beta"?) subscriptionsResolve',
      'stacks/production/shop-eu1.yaml:4:1 "colour" is not a key here (keys: import, channel, track, environment, labels, dependsOn, critical, providers, components, outputs, checks) schema',
      'tracks/beta/track.yaml:2:11 "alfa" is not a track (did you mean "alpha"?) upstreamsExist',
    ]);
  });

  it('says where to run when there is no signalbox.yaml', async () => {
    const loaded = await inRepository({ 'readme.md': '' }, (root) => loadProject(root, now));
    expect(loaded.ok ? [] : loaded.problems.map(line)).to.deep.equal([
      'signalbox.yaml:1:1 there is no signalbox.yaml here (run this in the folder that holds it)',
    ]);
  });

  it('reads the faults of the sandbox', async () => {
    const faults = `faults:
    - { match: { type: 'aws:s3/*', share: 25% }, throttle: { perSecond: 3 }, latency: 20ms }
    - { match: { stack: test-eu1, name: web }, drift: { property: 'labels["a.b/c"]', value: { x: [1, null] } } }`;
    const loaded = await load(edit('signalbox.yaml', '{ timeScale: 3600 }', `\n  ${faults}`));
    expect(loaded.ok ? loaded.project.sandbox.faults : loaded.problems.map(line)).to.deep.equal([
      { match: { type: 'aws:s3/*', share: 25 }, throttle: { perSecond: 3, burst: 1 }, latency: 20 },
      {
        match: { stack: 'test-eu1', name: 'web' },
        drift: { property: 'labels["a.b/c"]', value: { x: [1, null] } },
      },
    ]);
  });

  it('warns of a channel without stacks and of a stack in the folder of another channel', async () => {
    const loaded = await load({
      ...edit('signalbox.yaml', 'environments:', '  - { name: late, soak: 1h }\nenvironments:'),
      ...edit(shop, 'channel: production', 'channel: test'),
    });
    expect(loaded.ok).to.equal(true);
    expect(loaded.warnings.map(line)).to.deep.equal([
      'signalbox.yaml:6:13 channel "production" holds no stack',
      'signalbox.yaml:7:13 channel "late" holds no stack',
      'stacks/production/shop-eu1.yaml:2:10 stacks/production/shop-eu1.yaml lies in the folder of production, its channel is test',
    ]);
  });

  it('refuses symbolic links: stack files, folders, and fragments reached through them', async () => {
    const problems = await inRepository(sound, async (root) => {
      mkdirSync(join(root, 'outside'));
      renameSync(join(root, 'stacks/_shared'), join(root, 'outside/_shared'));
      symlinkSync('../outside/_shared', join(root, 'stacks/_shared'));
      symlinkSync('test-eu1.yaml', join(root, 'stacks/test/test-eu2.yaml'));
      const loaded = await loadProject(root, now);
      return loaded.ok ? [] : loaded.problems.map(line);
    });
    expect(problems).to.deep.equal([
      'stacks/_shared:1:1 this is a symbolic link (put the file or folder itself here)',
      'stacks/production/shop-eu1.yaml:1:10 stacks/_shared/eu.yaml is reached through a symbolic link',
      'stacks/test/test-eu1.yaml:1:10 stacks/_shared/eu.yaml is reached through a symbolic link',
      'stacks/test/test-eu2.yaml:1:1 this is a symbolic link (put the file or folder itself here)',
    ]);
  });

  it('refuses a folder of stacks that is a symbolic link, instead of finding no stacks', async () => {
    const problems = await inRepository(sound, async (root) => {
      renameSync(join(root, 'stacks'), join(root, 'elsewhere'));
      symlinkSync('elsewhere', join(root, 'stacks'));
      const loaded = await loadProject(root, now);
      return loaded.ok ? [] : loaded.problems.map(line);
    });
    expect(problems).to.deep.equal([
      'stacks:1:1 this folder is a symbolic link (put a readable folder here)',
    ]);
  });

  it('refuses whatever bears the name of a stack file and is none, instead of losing the stack', async () => {
    const problems = await inRepository(sound, async (root) => {
      mkdirSync(join(root, 'stacks/test/test-eu2.yaml'));
      execFileSync('mkfifo', [join(root, 'stacks/test/test-eu3.yaml')]);
      const loaded = await loadProject(root, now);
      return loaded.ok ? [] : loaded.problems.map(line);
    });
    expect(problems).to.deep.equal([
      'stacks/test/test-eu2.yaml:1:1 this is a folder, where a stack is a file (rename it)',
      'stacks/test/test-eu3.yaml:1:1 this is neither a file nor a folder (put the file or folder itself here)',
    ]);
  });

  it('skips the schema of a component that is not vendored yet', async () => {
    const files = { ...sound, ...edit(shop, 'inputs: {', 'inputs: { anything: goes,') };
    const { 'tracks/beta/web/schema.json': _, ...unvendored } = files;
    const loaded = await inRepository(unvendored, (root) => loadProject(root, now));
    expect(loaded.ok).to.equal(true);
  });

  it('loads no Pulumi SDK and no provider', () => {
    const script = `
      require('ts-node/register');
      require('./src/config/load');
      require('./src/config/explain');
      process.stdout.write(Object.keys(require.cache).filter((path) => path.includes('@pulumi')).join());`;
    const root = join(__dirname, '..', '..');
    expect(execFileSync(process.execPath, ['-e', script], { cwd: root, encoding: 'utf8' })).to.equal('');
  });
});
