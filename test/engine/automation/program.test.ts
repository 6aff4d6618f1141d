import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { z } from 'zod';
import type { Value } from '../../../src/core/project';
import { type ComponentModule, stackProgram } from '../../../src/engine/automation/program';
import type { ProgramComponent } from '../../../src/engine/port';

type Args = Readonly<Record<string, unknown>>;

/** Full names of the stacks that were referred to. */
const others: string[] = [];
/** What components were given, in order of their making. */
let made: { name: string; args: Args; options: pulumi.ComponentResourceOptions }[] = [];

/** A component that remembers what it was given, and gives these outputs. */
function component(inputs: z.ZodObject, outputs: Readonly<Record<string, unknown>> = {}): ComponentModule {
  class Recorded extends pulumi.ComponentResource {
    constructor(name: string, args: Args, options: pulumi.ComponentResourceOptions) {
      super('test:it:Recorded', name, {}, options);
      made.push({ name, args, options });
      Object.assign(this, outputs);
    }
  }
  return {
    default: Recorded as unknown as ComponentModule['default'],
    inputs,
    outputs: { shape: outputs },
  };
}

const anything = z.strictObject({});
const wants = (key: string) => z.strictObject({ [key]: z.unknown() });

interface Wish {
  readonly components: readonly Pick<ProgramComponent, 'name' | 'inputs'>[];
  readonly modules: Readonly<Record<string, ComponentModule>>;
  readonly providers?: Readonly<Record<string, Value>>;
  readonly outputs?: Readonly<Record<string, Value>>;
  readonly absent?: readonly string[];
}

function run({ components, modules, providers = {}, outputs = {}, absent = [] }: Wish): Promise<Args> {
  const program = stackProgram(
    {
      components: components.map((each) => ({ component: each.name, digest: '', ...each })),
      providers,
      outputs,
    },
    {
      pulumi,
      absent: new Set(absent),
      component: ({ name }) => {
        const module = modules[name];
        if (!module) throw new Error(`no module ${name}`);
        return module;
      },
      provider: (name) => ({
        Provider: class extends pulumi.ProviderResource {
          constructor(own: string, args: Args) {
            super(name, own, args);
          }
        },
      }),
    },
  );
  return program();
}

function settled(value: unknown): Promise<unknown> {
  const whole: pulumi.Output<unknown> = pulumi.output(value);
  return new Promise((resolve) => whole.apply((known) => resolve(known)));
}

async function refused(wish: Wish): Promise<string> {
  try {
    await run(wish);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was not refused');
}

describe('the program of a stack', () => {
  before(async () => {
    await pulumi.runtime.setMocks(
      {
        newResource: ({ name, inputs, type }) => {
          const isOther = type === 'pulumi:pulumi:StackReference';
          const outputs = { certificate: { arn: 'arn:1' } };
          if (isOther) others.push(name);
          return {
            id: `${name}-id`,
            state: isOther ? { ...inputs, outputs, secretOutputNames: [] } : inputs,
          };
        },
        call: () => ({}),
      },
      'shop',
      'dev',
      false,
      'acme',
    );
    pulumi.runtime.setAllConfig({ 'shop:password': 'hunter2' }, ['shop:password']);
  });
  beforeEach(() => {
    made = [];
  });

  it('gives a component its inputs with the defaults of its schema', async () => {
    const inputs = z.strictObject({ size: z.number(), zones: z.number().default(3) });
    await run({ components: [{ name: 'net', inputs: { size: 2 } }], modules: { net: component(inputs) } });
    expect(made[0]).to.deep.include({ name: 'net', args: { size: 2, zones: 3 } });
  });

  it('refuses inputs of another type, missing ones and unknown ones by name, references or not', async () => {
    const modules = { net: component(z.strictObject({ size: z.number(), zone: z.string() })) };
    const say = (inputs: ProgramComponent['inputs']): Promise<string> =>
      refused({ components: [{ name: 'net', inputs }], modules });
    expect(await say({ size: 'two', zone: 'a' })).to.match(
      /^component net refuses its inputs: size: .*number/,
    );
    expect(await say({ size: 2 })).to.match(/^component net refuses its inputs: zone: /);
    expect(await say({ size: 2, zone: 'a', sise: 1 })).to.match(/sise/);
    expect(await say({ size: 'two', zone: { secret: 'password' } })).to.match(/refuses its inputs: size: /);
    expect(await say({ size: 2, zone: { secret: 'password' }, sise: 1 })).to.equal(
      'component net: "sise" is not an input',
    );
    expect(made).to.deep.equal([]);
  });

  it('hands on what a schema lets in besides, checked where it says of what kind; drops it where it says nothing', async () => {
    const shape = { size: z.number(), zone: z.string() };
    const inputs = {
      size: 2,
      zone: { secret: 'password' },
      more: { deep: [1] },
      other: { secret: 'password' },
    };
    for (const [schema, kept] of [
      [z.looseObject(shape), ['size', 'zone', 'more', 'other']],
      [z.object(shape), ['size', 'zone']],
    ] as const) {
      made = [];
      await run({ components: [{ name: 'net', inputs }], modules: { net: component(schema) } });
      expect(Object.keys(made[0]?.args ?? {})).to.deep.equal(kept);
      if (kept.length > 2) expect(made[0]?.args['more']).to.deep.equal({ deep: [1] });
    }
    const numbers = { net: component(z.object(shape).catchall(z.number())) };
    expect(await refused({ components: [{ name: 'net', inputs }], modules: numbers })).to.match(
      /^component net refuses its inputs: more: .*number/,
    );
  });

  it('fills defaults in also beside references, and leaves out what is optional', async () => {
    const inputs = z.strictObject({
      host: z.string(),
      port: z.number().default(80),
      label: z.string().optional(),
    });
    await run({
      components: [
        { name: 'dns', inputs: {} },
        { name: 'web', inputs: { host: { from: 'dns.host' } } },
      ],
      modules: { dns: component(anything, { host: 'h' }), web: component(inputs) },
    });
    expect(made[1]?.args).to.deep.equal({ host: 'h', port: 80 });
  });

  it('resolves references to outputs of components before it, in depth, in lists and maps', async () => {
    await run({
      components: [
        { name: 'net', inputs: {} },
        { name: 'web', inputs: { all: [{ id: { from: 'net.vpc.id' } }, 'plain'] } },
      ],
      modules: {
        net: component(anything, { vpc: pulumi.output({ id: 'vpc-1' }) }),
        web: component(wants('all')),
      },
    });
    expect(await settled(made[1]?.args['all'])).to.deep.equal([{ id: 'vpc-1' }, 'plain']);
  });

  it('refuses a reference to what does not come before', async () => {
    const modules = { web: component(wants('host')) };
    expect(
      await refused({ components: [{ name: 'web', inputs: { host: { from: 'dns.host' } } }], modules }),
    ).to.equal('"dns.host" names no component of this stack that comes before');
  });

  it('gives secrets of the configuration as secrets', async () => {
    await run({
      components: [{ name: 'db', inputs: { password: { secret: 'password' } } }],
      modules: { db: component(wants('password')) },
    });
    const password = made[0]?.args['password'] as pulumi.Output<string>;
    expect(await settled(password)).to.equal('hunter2');
    expect(await pulumi.isSecret(password)).to.equal(true);
  });

  it('reads outputs of other stacks, in depth', async () => {
    await run({
      components: [{ name: 'web', inputs: { arn: { fromStack: 'edge', output: 'certificate.arn' } } }],
      modules: { web: component(wants('arn')) },
    });
    expect(await settled(made[0]?.args['arn'])).to.equal('arn:1');
    expect(others).to.deep.equal(['acme/shop/edge']);
  });

  it('hands every component the providers of the stack, made once', async () => {
    await run({
      components: [
        { name: 'a', inputs: {} },
        { name: 'b', inputs: {} },
      ],
      modules: { a: component(anything), b: component(anything) },
      providers: { aws: { region: 'eu-west-1' } },
    });
    const [a, b] = made.map(({ options }) => options.providers as Record<string, pulumi.ProviderResource>);
    expect(a?.['aws']).to.equal(b?.['aws']);
    expect(await settled(a?.['aws']?.urn)).to.match(/pulumi:providers:aws::aws$/);
  });

  it('exports the declared outputs of each component, and the stack’s own', async () => {
    const exported = await run({
      components: [{ name: 'web', inputs: {} }],
      modules: { web: component(anything, { url: 'http://x', replicas: 2 }) },
      outputs: { address: { from: 'web.url' }, fixed: 7 },
    });
    expect(exported).to.deep.equal({ web: { url: 'http://x', replicas: 2 }, address: 'http://x', fixed: 7 });
  });
});
