import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import type { Project } from '../../../src/core/project';
import { duration } from '../../../src/core/time';
import { answeringByGoal } from '../../../src/engine/automation/by-goal';
import { goalSource } from '../../../src/engine/automation/goal';
import type { Engine, Operation, Preview, Update } from '../../../src/engine/port';

const SAME = { create: 0, update: 0, replace: 0, delete: 0, same: 3 };
const CREATED = { ...SAME, same: 0, create: 3 };
const context = { signal: new AbortController().signal };

const operation = (more: Partial<Operation> = {}): Operation => ({
  project: 'goals',
  stack: 'one',
  components: [{ name: 'web', component: 'web', digest: 'sha256:1', inputs: { size: 1 } }],
  providers: {},
  outputs: {},
  variables: { AWS_PROFILE: 'ours' },
  deployment: 'd-1',
  release: 'beta.1',
  timeout: duration(1000),
  ...more,
});

const resource = (type: string, more: object = {}): object => ({
  urn: `urn:pulumi:one::goals::${type}::it`,
  type,
  ...more,
});

/** A repository whose engine only counts what it is asked; its answers are set by the test. */
class World {
  readonly root = mkdtempSync(join(tmpdir(), 'signalbox-goal-'));
  asked = 0;
  counts: Preview['counts'] = SAME;
  update: Partial<Update> = {};

  constructor() {
    this.write('Pulumi.yaml', 'name: goals\nruntime: nodejs\nstackConfigDir: conf\n');
    this.write('conf/Pulumi.one.yaml', 'config:\n  goals:size: "1"\n');
    this.write('package-lock.json', '{}');
    this.state('one', [resource('pulumi:pulumi:Stack')]);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  state(stack: string, resources: readonly object[]): void {
    const text = JSON.stringify({ version: 3, checkpoint: { latest: { resources } } });
    this.write(`.signalbox/state/.pulumi/stacks/goals/${stack}.json`, text);
  }

  engine({ sample = 0, cloud = 'sandbox', title = 'embedded engine' } = {}): Engine {
    const rest = { stateVersion: 'v', diagnostics: [], changes: [] };
    const engine = {
      title,
      preview: async () => {
        this.asked += 1;
        return { ok: true, value: { ...rest, counts: this.counts } };
      },
      up: async () => ({ ok: true, value: { ...rest, counts: CREATED, outputs: {}, ...this.update } }),
    } as unknown as Engine;
    const project = {
      name: 'goals',
      engine: { kind: 'embedded', cloud },
      sandbox: { seed: 's' },
    } as unknown as Project;
    const source = goalSource(this.root, project, title);
    if (!source) throw new Error('a file backend has goals');
    return answeringByGoal(engine, { root: this.root, source, sample, random: () => 0.5 });
  }
}

async function preview(engine: Engine, of: Operation): Promise<Preview> {
  const result = await engine.preview(of, context);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

describe('the goal digest', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => rmSync(world.root, { recursive: true, force: true }));

  it('answers the preview after an update without the engine, and leaves digests only', async () => {
    const engine = world.engine();
    await preview(engine, operation());
    await engine.up(operation(), context);
    const seen = await preview(world.engine(), operation({ deployment: 'other', release: 'beta.1 again' }));
    expect(seen).to.deep.equal({
      changes: [],
      counts: SAME,
      stateVersion: 'v',
      diagnostics: [],
      byGoal: 'answered',
    });
    expect(world.asked).to.equal(1);
    expect(readFileSync(join(world.root, '.signalbox/goal/one.json'), 'utf8')).not.to.match(/ours|size|web/);
  });

  it('is not asked where every resource is to be read first', async () => {
    const engine = world.engine();
    await engine.up(operation(), context);
    const result = await engine.preview(operation(), context, { isRefreshed: true });
    expect(result.ok && result.value.byGoal).to.equal(undefined);
    expect(world.asked).to.equal(1);
  });

  const moved: Readonly<Record<string, (world: World) => Partial<Operation> | undefined>> = {
    'the content of a component': () => ({
      components: [{ name: 'web', component: 'web', digest: 'sha256:2', inputs: { size: 1 } }],
    }),
    'an input': () => ({
      components: [{ name: 'web', component: 'web', digest: 'sha256:1', inputs: { size: 2 } }],
    }),
    'a variable of the environment': () => ({ variables: { AWS_PROFILE: 'theirs' } }),
    'an output': () => ({ outputs: { url: { from: 'web.url' } } }),
    'the stack file': (one) => one.write('conf/Pulumi.one.yaml', 'config:\n  goals:size: "2"\n') as undefined,
    'the project file': (one) => one.write('Pulumi.yaml', 'name: goals\nstackConfigDir: conf\n') as undefined,
    'the lock file of packages': (one) => one.write('package-lock.json', '{"packages":{}}') as undefined,
    'an SDK': (one) => one.write('node_modules/@pulumi/aws/package.json', '{"version":"8"}') as undefined,
    'the state': (one) =>
      one.state('one', [resource('pulumi:pulumi:Stack', { outputs: { a: 1 } })]) as undefined,
  };
  for (const [what, move] of Object.entries(moved)) {
    it(`asks the engine again where ${what} moved`, async () => {
      await world.engine().up(operation(), context);
      const later = operation(move(world) ?? {});
      await preview(world.engine(), later);
      expect(world.asked).to.equal(1);
    });
  }

  it('asks another engine again', async () => {
    await world.engine().up(operation(), context);
    await preview(world.engine({ title: 'pulumi 3.258.0' }), operation());
    expect(world.asked).to.equal(1);
  });

  it('asks again where the outputs of a stack moved that the inputs or the program itself refer to', async () => {
    const reading = operation({ outputs: { edge: { fromStack: 'two', output: 'url' } } });
    const reference = resource('pulumi:pulumi:StackReference', {
      external: true,
      inputs: { name: 'organization/goals/three' },
    });
    world.state('one', [resource('pulumi:pulumi:Stack'), reference]);
    const outputs = (stack: string, url: string) =>
      world.state(stack, [resource('pulumi:pulumi:Stack', { outputs: { url } })]);
    outputs('two', 'a');
    outputs('three', 'a');
    const engine = world.engine();
    await engine.up(reading, context);
    await preview(engine, reading);
    expect(world.asked, 'nothing moved').to.equal(0);
    outputs('two', 'b');
    await preview(engine, reading);
    expect(world.asked, 'an input’s stack moved').to.equal(1);
    outputs('two', 'a');
    outputs('three', 'b');
    await preview(engine, reading);
    expect(world.asked, 'the program’s own reference moved').to.equal(2);
  });

  const unsure: Readonly<Record<string, (world: World) => void>> = {
    'called a function of the cloud': (one) => {
      one.update = { invoked: ['aws:ec2/getVpc:getVpc'] };
    },
    'read a resource that is not its own': (one) =>
      one.state('one', [resource('aws:ec2/vpc:Vpc', { external: true })]),
    'warned of something': (one) => {
      one.update = { diagnostics: [{ severity: 'warning', message: 'old' }] };
    },
  };
  for (const [what, make] of Object.entries(unsure)) {
    it(`never answers for a program that ${what}`, async () => {
      make(world);
      await world.engine().up(operation(), context);
      await preview(world.engine(), operation());
      expect(world.asked).to.equal(1);
    });
  }

  it('answers after functions whose answers follow from the digest, on the sandbox only', async () => {
    world.update = { invoked: ['aws:index/getCallerIdentity:getCallerIdentity'] };
    await world.engine().up(operation(), context);
    await preview(world.engine(), operation());
    expect(world.asked).to.equal(0);
    await world.engine({ cloud: 'real' }).up(operation(), context);
    await preview(world.engine({ cloud: 'real' }), operation());
    expect(world.asked).to.equal(1);
  });

  it('forgets what was reached before an update begins', async () => {
    await world.engine().up(operation(), context);
    const note = join(world.root, '.signalbox/goal/one.json');
    world.update = { invoked: ['aws:ec2/getVpc:getVpc'] };
    expect(existsSync(note)).to.equal(true);
    await world.engine().up(operation(), context);
    expect(existsSync(note)).to.equal(false);
  });

  it('previews a sample for real, and calls a miss a bug of the component', async () => {
    await world.engine().up(operation(), context);
    expect((await preview(world.engine({ sample: 1 }), operation())).byGoal).to.equal('checked');
    expect(world.asked).to.equal(1);
    world.counts = { ...SAME, same: 2, update: 1 };
    const missed = await preview(world.engine({ sample: 1 }), operation());
    expect(missed.byGoal).to.equal('missed');
    expect(missed.counts.update).to.equal(1);
    expect(missed.diagnostics.at(-1)?.message).to.match(/bug in a component of one \(web\)/);
    expect((await preview(world.engine(), operation())).byGoal).to.equal(undefined);
  });

  it('has nothing to say of a state that lies elsewhere', () => {
    const project = {
      name: 'goals',
      engine: { kind: 'pulumi', backend: 's3://states' },
    } as unknown as Project;
    expect(goalSource(world.root, project, 'pulumi')).to.equal(undefined);
  });
});
