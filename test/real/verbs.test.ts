import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as pulumi from '@pulumi/pulumi';
import { LocalWorkspace, PulumiCommand, type Stack } from '@pulumi/pulumi/automation';
import { expect } from 'chai';
import { SemVer } from 'semver';
import { embeddedCommand } from '../../src/engine/embedded/command/command';
import { CLI_VERSION } from '../../src/engine/embedded/state/checkpoint';
import { withCli } from './cli';

class Group extends pulumi.ComponentResource {
  constructor(name: string) {
    super('my:index:Group', name);
    this.registerOutputs({});
  }
}

const program = async () => {
  new Group('g');
  const token = new pulumi.Config().get('token') ?? 'none';
  return { plain: 'p', hidden: pulumi.secret({ deep: 's' }), list: [1, 2], token };
};

/** A folder of a project, its backend, and what has been told of the calls made there. */
class Bench {
  readonly root = mkdtempSync(join(tmpdir(), 'signalbox-verbs-'));
  readonly work = join(this.root, 'work');
  readonly told: Record<string, unknown> = {};

  constructor(private readonly command: PulumiCommand) {
    mkdirSync(this.work);
    mkdirSync(join(this.root, 'state'));
    writeFileSync(join(this.work, 'Pulumi.yaml'), 'name: shop\nruntime: nodejs\n');
  }

  stack(how: 'createStack' | 'selectStack', stackName = 'dev'): Promise<Stack> {
    return LocalWorkspace[how](
      { stackName, projectName: 'shop', program },
      {
        workDir: this.work,
        pulumiCommand: this.command,
        pulumiHome: join(this.root, 'home'),
        envVars: {
          PULUMI_BACKEND_URL: `file://${this.root}/state`,
          PULUMI_CONFIG_PASSPHRASE: 'p',
          PULUMI_SKIP_UPDATE_CHECK: 'true',
        },
      },
    );
  }

  file(name = 'dev'): string | null {
    const path = join(this.work, `Pulumi.${name}.yaml`);
    return existsSync(path) ? readFileSync(path, 'utf8') : null;
  }

  /** Notes what a call returns, or what kind of error it ends with and the first line that it says. */
  async tell(name: string, call: () => Promise<unknown>): Promise<void> {
    try {
      this.told[name] = settled((await call()) ?? null);
    } catch (error) {
      const failure = error as Error;
      const { message } = failure;
      const code = /exit code (\d+)/.exec(message)?.[1];
      this.told[name] = { error: failure.constructor.name, code, said: /^error: (.*)$/m.exec(message)?.[1] };
    }
  }
}

/** Where in the program a resource was made only the real engine notes. */
const LEFT_OUT: ReadonlySet<string> = new Set(['created', 'modified', 'sourcePosition', 'stackTrace']);

/** Without times and ciphertexts. */
const settled = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value)
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)/g, '<time>')
      .replace(/v1:[A-Za-z0-9+/=]+:[A-Za-z0-9+/=:v]+/g, '<sealed>'),
    (key, item: unknown) => (LEFT_OUT.has(key) ? undefined : item),
  );

/** Every call of the Automation API that is no operation, on a stack's way from its beginning to its end. */
async function life(command: PulumiCommand): Promise<Record<string, unknown>> {
  const bench = new Bench(command);
  const file = bench.file.bind(bench);
  const tell = bench.tell.bind(bench);
  await tell('selects no stack that is missing', () => bench.stack('selectStack'));
  const stack = await bench.stack('createStack');
  await tell('makes no stack twice', () => bench.stack('createStack'));
  await tell('takes no name with a blank', () => bench.stack('createStack', 'a b'));
  await tell(
    'takes a full name',
    async () => void (await bench.stack('createStack', 'organization/shop/other')),
  );
  await tell('makes no stack of another project', () => bench.stack('createStack', 'organization/else/x'));
  await tell('knows nothing yet', async () => [
    await stack.info(),
    await stack.outputs(),
    await stack.history(),
  ]);
  await tell('exports nothing', () => stack.exportStack());
  await tell('keeps values', async () => {
    await stack.setConfig('token', { value: 't' });
    await stack.setConfig('hidden', { value: 'h', secret: true });
    await stack.setConfig('aws:region', { value: 'eu' });
    for (const value of ['-x', '', '012', '12', 'true', 'null', 'a\nb: c']) {
      await stack.setConfig(`odd${Buffer.from(value).toString('hex')}`, { value });
    }
    await stack.setConfig('map.list[0].b', { value: '1' }, true);
    await stack.setConfig('map.secret', { value: 'q', secret: true }, true);
    await stack.setConfig('map..on', { value: 'true' }, true);
    return file();
  });
  await tell('refuses a wrong key', () => stack.setConfig('a:b:c', { value: '1' }));
  for (const [key, isPath] of [
    ['token', false],
    ['hidden', false],
    ['map', false],
    ['map.list', true],
    ['map.secret', true],
    ['nothing', false],
  ] as const) {
    await tell(`gets ${key}`, () => stack.getConfig(key, isPath));
  }
  await tell('gets everything', () => stack.getAllConfig());
  await tell('sets many', async () => {
    await stack.setAllConfig({
      x: { value: '1' },
      y: { value: 'z=1', secret: true },
      'shop:w': { value: '' },
    });
    await stack.setAllConfig({ 'p.q': { value: '1' }, 'p.r': { value: 'z', secret: true } }, true);
    return file();
  });
  await tell('sets many from JSON', async () => {
    const map = { value: '{"a":1}', objectValue: { a: 1 }, secret: false };
    await stack.setAllConfigJson(JSON.stringify({ 'shop:m': map, 'shop:j': { value: 's', secret: true } }));
    return file();
  });
  await tell('removes', async () => {
    await stack.removeConfig('x');
    await stack.removeConfig('nothing');
    await stack.removeConfig('map.list[0]', true);
    await stack.removeAllConfig(['y', 'w', 'p', 'm', 'j']);
    return file();
  });
  await tell('has no configuration to go back to', () => stack.refreshConfig());
  await tell('is updated', async () => (await stack.up({ message: 'first: "x"' })).outputs);
  await tell('says what happened', async () => {
    const told = [await stack.info(true), ...(await stack.history())];
    return told.map((update) => ({ ...update, environment: 0, startTime: 0, endTime: 0 }));
  });
  await tell('goes back to the configuration', async () => {
    await stack.setAllConfig({ token: { value: 'later' }, more: { value: 'm' } });
    return [await stack.refreshConfig(), file(), readdirSync(bench.work).sort()];
  });
  await tell('has no tag', () => stack.getTag('t'));
  await tell('keeps tags', async () => {
    await stack.setTag('t', 'v w');
    const tags = [await stack.getTag('t'), await stack.listTags()];
    await stack.removeTag('t');
    return [...tags, await stack.listTags()];
  });
  // Which stack is the selected one nobody asks the embedded engine: it remembers none.
  await tell('lists', async () => (await stack.workspace.listStacks()).map(({ current: _, ...one }) => one));
  await tell('says who', async () => Object.keys(await stack.workspace.whoAmI()).sort());
  await tell('has no plugins', () => stack.workspace.listPlugins());
  await tell('exports', async () => {
    const { version, deployment } = await stack.exportStack();
    return [version, deployment.resources, deployment.secrets_providers?.type];
  });
  await tell('imports', async () => {
    const exported = await stack.exportStack();
    exported.deployment.resources[0].outputs.plain = 'imported';
    await stack.importStack(exported);
    return stack.outputs();
  });
  await tell('is updated again', async () => (await stack.up({ message: 'second' })).summary.resourceChanges);
  await tell('turns pages', async () => (await stack.history(1, 2)).map(({ message }) => message));
  await tell('cancels nothing', () => stack.cancel());
  await tell('stays while it has resources', () => stack.workspace.removeStack('dev'));
  await tell('takes no name that is taken', () => stack.rename({ stackName: 'other' }));
  await tell('takes another name', async () => {
    await stack.rename({ stackName: 'renamed' });
    const { deployment } = await stack.exportStack();
    const history = (await stack.history()).map(({ message }) => message);
    return [deployment.resources, file(), file('renamed'), history, (await stack.preview()).changeSummary];
  });
  await tell('is destroyed and removed', async () => {
    await stack.destroy({ remove: true });
    return [file('renamed'), (await stack.workspace.listStacks()).map(({ name }) => name)];
  });
  await tell('is gone', () => stack.workspace.removeStack('renamed'));
  rmSync(bench.root, { recursive: true, force: true });
  return bench.told;
}

withCli('the verbs of the Automation API', (cli) => {
  it('return the same on both engines, and fail alike', async function () {
    this.timeout(600_000);
    // The constructor is private, and PulumiCommand.get takes only a folder with a certain layout.
    const real = await life(Reflect.construct(PulumiCommand, [cli, new SemVer(CLI_VERSION)]));
    const embedded = await life(embeddedCommand({ providers: async () => undefined }));
    const unlike = Object.keys(real)
      .filter((name) => !isDeepStrictEqual(embedded[name], real[name]))
      .map((name) => ({ name, real: real[name], embedded: embedded[name] }));
    expect(unlike, JSON.stringify(unlike, undefined, 1)).to.deep.equal([]);
    expect(Object.keys(embedded)).to.deep.equal(Object.keys(real));
  });
});
