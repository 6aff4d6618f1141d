import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import * as pulumi from '@pulumi/pulumi';
import {
  ConcurrentUpdateError,
  StackAlreadyExistsError,
  StackNotFoundError,
} from '@pulumi/pulumi/automation';
import { expect } from 'chai';
import { failure, World } from './world';

const program = async () => ({ url: 'http://shop', password: pulumi.secret('hush') });
const broken = async () => {
  throw new Error('program broke');
};

describe('the embedded engine as the command of the Automation API', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.remove());

  const locks = () => {
    const folder = world.kept('locks/organization/shop/dev');
    return existsSync(folder) ? readdirSync(folder) : [];
  };
  const lockBy = (pid: number) => {
    const folder = world.kept('locks/organization/shop/dev');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'other.json'),
      JSON.stringify({ pid, username: 'eve', hostname: 'ci', timestamp: '2026-11-21T09:00:00Z' }),
    );
  };

  it('updates the same folder again and again, and tells each update’s message verbatim', async () => {
    const first = await (await world.stack(program)).up({ message: '-release beta.12 "quoted"' });
    expect(first.outputs).to.deep.equal({
      url: { value: 'http://shop', secret: false },
      password: { value: 'hush', secret: true },
    });
    expect(first.summary.message).to.equal('-release beta.12 "quoted"');
    const stack = await world.stack(program);
    expect((await stack.preview()).changeSummary).to.deep.equal({ same: 1 });
    await stack.up({ message: 'second' });
    const history = await stack.history();
    expect(history.map(({ kind, result, message }) => [kind, result, message])).to.deep.equal([
      ['update', 'succeeded', 'second'],
      ['update', 'succeeded', '-release beta.12 "quoted"'],
    ]);
    await stack.destroy();
    expect((await stack.history(1))[0]?.kind).to.equal('destroy');
    expect(await stack.outputs()).to.deep.equal({});
    expect(locks()).to.deep.equal([]);
  });

  it('keeps secrets out of the state file, and gives them back through export and import', async () => {
    const stack = await world.stack(program);
    await stack.up();
    expect(readFileSync(world.kept('stacks/shop/dev.json'), 'utf8')).not.to.contain('hush');
    const exported = await stack.exportStack();
    await stack.destroy();
    await stack.importStack(exported);
    expect((await stack.outputs())['password']).to.deep.equal({ value: 'hush', secret: true });
    expect((await stack.preview()).changeSummary).to.deep.equal({ same: 1 });
  });

  it('gives a program its configuration, and takes it back', async () => {
    const stack = await world.stack(async () => {
      const config = new pulumi.Config();
      return {
        a: config.require('a'),
        token: config.requireSecret('token'),
        zone: config.requireObject('zone'),
      };
    });
    await stack.setConfig('a', { value: '--dashes=1' });
    await stack.setConfig('token', { value: 't0ken', secret: true });
    await stack.setConfig('zone.names[0]', { value: 'eu' }, true);
    const { outputs } = await stack.up();
    expect(outputs).to.deep.equal({
      a: { value: '--dashes=1', secret: false },
      token: { value: 't0ken', secret: true },
      zone: { value: { names: ['eu'] }, secret: false },
    });
    expect(readFileSync(join(world.work, 'Pulumi.dev.yaml'), 'utf8')).not.to.contain('t0ken');
    await stack.removeConfig('zone.names[0]', true);
    await stack.removeAllConfig(['a', 'token']);
    expect(await stack.getAllConfig()).to.deep.equal({
      'shop:zone': { value: '{"names":[]}', objectValue: { names: [] }, secret: false },
    });
  });

  it('honours another’s lock until it is cancelled; a preview needs none', async () => {
    const stack = await world.stack(program);
    lockBy(4242);
    for (const refused of [() => stack.up(), () => stack.refresh(), () => stack.destroy()]) {
      const error = await failure(refused());
      expect(error).to.be.instanceOf(ConcurrentUpdateError);
      expect(error.message).to.contain('eve@ci (pid 4242)');
    }
    expect((await stack.preview()).changeSummary).to.deep.equal({ create: 1 });
    await stack.cancel();
    await stack.up();
    expect(locks()).to.deep.equal([]);
  });

  it('lets one of two updates of a stack at the same time through', async () => {
    let isRunning = () => {};
    const running = new Promise<void>((resolve) => {
      isRunning = resolve;
    });
    let goOn = () => {};
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const slow = await world.stack(async () => {
      isRunning();
      await gate;
      return {};
    });
    const update = slow.up();
    await running;
    expect(locks()).to.have.length(1);
    expect(await failure((await world.stack(program)).up())).to.be.instanceOf(ConcurrentUpdateError);
    goOn();
    await update;
    expect(locks()).to.deep.equal([]);
  });

  it('runs different stacks at the same time', async () => {
    const names = ['one', 'two', 'three'];
    const outputs = await Promise.all(
      names.map(async (name) => (await (await world.stack(async () => ({ name }), { name })).up()).outputs),
    );
    expect(outputs.map((output) => output['name']?.value)).to.deep.equal(names);
  });

  it('ends a failed update with the diagnostics, its history, and no lock', async () => {
    const stack = await world.stack(broken);
    const error = await failure(stack.up({ message: 'bad' }));
    expect(error.name).to.equal('CommandError');
    expect(error.message).to.match(
      /^code: -2\n stdout: \n stderr: Command failed with exit code 1: pulumi up /,
    );
    expect(error.message).to.contain('program broke');
    expect((await stack.history())[0]).to.include({ result: 'failed', message: 'bad' });
    expect(locks()).to.deep.equal([]);
  });

  it('says so when the passphrase is another', async () => {
    await (await world.stack(program)).up();
    const stack = await world.stack(program, { env: { PULUMI_CONFIG_PASSPHRASE: 'other' } });
    for (const refused of [() => stack.preview(), () => stack.outputs(), () => stack.exportStack()]) {
      expect((await failure(refused())).message).to.contain('error: incorrect passphrase');
    }
  });

  it('refuses a state of an unknown version or feature, and leaves it as it is', async () => {
    const stack = await world.stack(program);
    await stack.up();
    const path = world.kept('stacks/shop/dev.json');
    const known = readFileSync(path, 'utf8');
    for (const [from, to, says] of [
      ['"version":3', '"version":5', 'unsupported checkpoint version 5'],
      ['"version":3', '"version":4,"features":["views"]', 'unsupported checkpoint features: views'],
      [
        '"version":3',
        '"version":3,"features":["replaceWith"]',
        'unsupported checkpoint features: replaceWith',
      ],
      ['"metadata":', '"snippets":[],"metadata":', 'unsupported checkpoint feature "snippets"'],
      ['"type":"passphrase"', '"type":"service"', 'does not support the secrets provider "service"'],
    ] as const) {
      const newer = known.replace(from, to);
      expect(newer).to.not.equal(known);
      writeFileSync(path, newer);
      for (const refused of [
        () => stack.up(),
        () => stack.preview(),
        () => stack.destroy(),
        () => stack.refresh(),
      ]) {
        expect((await failure(refused())).message).to.contain(says);
      }
      expect(readFileSync(path, 'utf8')).to.equal(newer);
      expect(locks()).to.deep.equal([]);
    }
  });

  it('refuses a state beside which another CLI keeps a journal, and what it left stays', async () => {
    const stack = await world.stack(program);
    await stack.up();
    const [path, journal] = [world.kept('stacks/shop/dev.json'), world.kept('journal/shop/dev')];
    const before = readFileSync(path, 'utf8');
    mkdirSync(journal, { recursive: true });
    writeFileSync(join(journal, '1.json'), '{}');
    for (const refused of [
      () => stack.up(),
      () => stack.preview(),
      () => stack.destroy(),
      () => stack.refresh(),
    ])
      expect((await failure(refused())).message).to.contain('does not support journals');
    expect([readFileSync(path, 'utf8'), readdirSync(journal), locks()]).to.deep.equal([
      before,
      ['1.json'],
      [],
    ]);
  });

  it('tells the Automation API of stacks that are missing or there already', async () => {
    expect(await failure(world.stack(program, { how: 'selectStack' }))).to.be.instanceOf(StackNotFoundError);
    await world.stack(program);
    expect(await failure(world.stack(program, { how: 'createStack' }))).to.be.instanceOf(
      StackAlreadyExistsError,
    );
  });

  it('refuses by name what it does not support', async () => {
    const stack = await world.stack(program);
    for (const [refused, name] of [
      [() => stack.up({ policyPacks: ['./pack'] }), '--policy-pack'],
      [() => stack.up({ plan: 'plan.json' }), '--plan'],
      [() => stack.preview({ plan: 'plan.json' }), '--save-plan'],
      [() => stack.preview({ importFile: 'import.json' }), '--import-file'],
      [() => stack.refresh({ runProgram: true }), '--run-program'],
      [() => stack.up({ attachDebugger: true }), '--attach-debugger'],
      [() => stack.workspace.installPlugin('aws', 'v7.0.0'), '`pulumi plugin install`'],
      [() => stack.addEnvironments('shop'), '`pulumi config env add`'],
      [() => stack.listEnvironments(), '`pulumi config env ls`'],
      [() => stack.import({ resources: [] }), '`pulumi import`'],
    ] as const) {
      expect((await failure(refused())).message).to.contain(`does not support ${name}`);
    }
  });

  it('refuses by name the variables by which the real CLI would do otherwise, and the plugins of a project', async () => {
    for (const name of ['PULUMI_RUN_PROGRAM', 'PULUMI_DISABLE_OUTPUT_VALUES', 'PULUMI_DIY_BACKEND_GZIP']) {
      const stack = await world.stack(program, { env: { [name]: 'true' } });
      expect((await failure(stack.preview())).message).to.contain(`does not support ${name}`);
    }
    const plugins = 'plugins: { providers: [{ name: aws, path: ../aws }] }';
    writeFileSync(join(world.work, 'Pulumi.yaml'), `name: shop\nruntime: nodejs\n${plugins}\n`);
    expect((await failure(world.stack(program))).message).to.contain('does not support plugins');
  });

  it('fails with the real exit code where no changes were expected', async () => {
    const stack = await world.stack(program);
    const words = (await failure(stack.preview({ expectNoChanges: true }))).message;
    expect(words).to.contain('Command failed with exit code 7');
    expect(words).to.contain('no changes were expected');
    await stack.up();
    await stack.up({ expectNoChanges: true });
  });

  it('lists and removes stacks, but none that still has resources', async () => {
    const stack = await world.stack(program);
    await stack.up();
    const [listed] = await stack.workspace.listStacks();
    expect(listed).to.include({ name: 'dev', resourceCount: 1 });
    expect((await failure(stack.workspace.removeStack('dev'))).message).to.contain('still has resources');
    await stack.destroy();
    await stack.workspace.removeStack('dev');
    expect(await stack.workspace.listStacks()).to.deep.equal([]);
    expect(existsSync(join(world.work, 'Pulumi.dev.yaml'))).to.equal(false);
  });

  it('renames a stack with its resources, its history and its file, unless the name is taken', async () => {
    const stack = await world.stack(program);
    await stack.up({ message: 'before' });
    await world.stack(program, { name: 'taken' });
    expect(await failure(stack.rename({ stackName: 'taken' }))).to.be.instanceOf(StackAlreadyExistsError);
    await stack.rename({ stackName: 'later' });
    const { deployment } = await stack.exportStack();
    expect(deployment.resources[0].urn).to.equal('urn:pulumi:later::shop::pulumi:pulumi:Stack::shop-later');
    expect((await stack.preview()).changeSummary).to.deep.equal({ same: 1 });
    expect((await stack.history()).map(({ message }) => message)).to.deep.equal(['before']);
    expect(readdirSync(world.work).sort()).to.deep.equal([
      'Pulumi.later.yaml',
      'Pulumi.taken.yaml',
      'Pulumi.yaml',
    ]);
    expect(await failure(world.stack(program, { how: 'selectStack' }))).to.be.instanceOf(StackNotFoundError);
  });

  it('goes back to the configuration of the last update', async () => {
    const stack = await world.stack(program);
    expect((await failure(stack.refreshConfig())).message).to.contain('no previous deployment');
    await stack.setAllConfig({ kept: { value: 'k' }, hidden: { value: 'h', secret: true } });
    await stack.up();
    await stack.setAllConfig({ kept: { value: 'other' }, more: { value: 'm' } });
    expect(await stack.refreshConfig()).to.deep.equal({
      'shop:hidden': { value: 'h', secret: true },
      'shop:kept': { value: 'k', secret: false },
    });
  });

  it('keeps tags', async () => {
    const stack = await world.stack(program);
    await stack.setTag('team', 'shop');
    expect(await stack.listTags()).to.deep.equal({ team: 'shop' });
    expect(await stack.getTag('team')).to.equal('shop');
    await stack.removeTag('team');
    expect(await stack.listTags()).to.deep.equal({});
  });

  it('leaves no server or connection behind', async () => {
    const isOpen = () => process.getActiveResourcesInfo().some((kind) => kind.startsWith('TCP'));
    const stack = await world.stack(program);
    await stack.up({ onEvent: () => {} });
    for (let count = 0; count < 3; count += 1) await stack.preview({ onEvent: () => {} });
    // Closed sockets are forgotten a turn or two later.
    for (let turn = 0; turn < 200 && isOpen(); turn += 1) await setTimeout(5);
    expect(isOpen()).to.equal(false);
  });
});
