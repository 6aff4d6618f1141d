import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { UNKNOWN, type WireObject } from '../../../src/engine/embedded/provider';
import type { PendingOperation, ResourceState } from '../../../src/engine/embedded/resource';
import { type World, world } from './world';

class Thing extends pulumi.CustomResource {
  declare readonly arn: pulumi.Output<string>;
  constructor(name: string, props: pulumi.Inputs = {}, options: pulumi.CustomResourceOptions = {}) {
    super('lab:index:Thing', name, { arn: undefined, ...props }, options);
  }
}

class Lab extends pulumi.ProviderResource {
  constructor(name: string, props: pulumi.Inputs) {
    super('lab', name, props);
  }
}

class Remote extends pulumi.ComponentResource {
  constructor() {
    super('lab:index:Remote', 'r', {}, {}, true);
  }
}

class Dynamic extends pulumi.dynamic.Resource {
  constructor() {
    super({ create: async () => ({ id: '1', outs: {} }) }, 'd', {});
  }
}

const URN = 'urn:pulumi:dev::conf::lab:index:Thing::';

function named(it: World): string[] {
  return it.state.resources
    .filter(({ type }) => type === 'lab:index:Thing')
    .map((state) => `${state.urn.slice(URN.length)}${state.delete ? ' (to delete)' : ''}`);
}

function find(it: World, name: string): ResourceState {
  const state = it.state.resources.find(({ urn }) => urn === URN + name);
  if (!state) throw new Error(`no ${name}`);
  return state;
}

describe('the embedded engine', () => {
  it('refuses a second resource of the same name and keeps what was made', async () => {
    const it = world();
    const told = await it.up(() => {
      new Thing('a');
      new Thing('a');
    });
    expect(told.ok).to.equal(false);
    expect(told.diagnostics).to.include(
      `error: Duplicate resource URN '${URN}a'; try giving it a unique name`,
    );
    expect(named(it)).to.deep.equal(['a']);
  });

  it('begins with a provider before it looks at the next one, one step at a time', async () => {
    const it = world();
    const { calls, provider } = it.lab;
    const looking = async () => ({
      ...(await provider()),
      async checkConfig({ urn, news }: { urn: string; news: WireObject }) {
        calls.push(`look ${urn.split('::').at(-1)}`);
        return { inputs: news, failures: [] };
      },
    });
    await it.up(
      () => {
        new Lab('own', { region: 'eu' });
        return pulumi.runtime.invoke('lab:index:find', {});
      },
      { providers: looking, save: () => new Promise((saved) => setTimeout(saved, 20)) },
    );
    expect(calls).to.deep.equal([
      'look own',
      'configure {"region":"eu"}',
      'look default',
      'configure {}',
      'invoke lab:index:find',
    ]);
  });

  it('takes over an existing resource by its id, then updates it to what the program says', async () => {
    const it = world();
    it.lab.made.set('ext-1', { urn: '', inputs: { size: 3 } });
    const told = await it.up(() => new Thing('a', { size: 3 }, { import: 'ext-1' }));
    expect(told.story).to.deep.equal(['import a']);
    expect(told.counts).to.deep.equal({ create: 1, import: 1 });
    expect(find(it, 'a')).to.include({ id: 'ext-1', importID: 'ext-1' });
    const again = await it.up(() => new Thing('a', { size: 3 }, { import: 'ext-1' }));
    expect(again.counts).to.deep.equal({ same: 2 });
    const changed = await it.up(() => new Thing('a', { size: 4 }, { import: 'ext-1' }));
    expect(changed.story).to.deep.equal(['update a']);
  });

  it('changes an imported resource in the same update where the program differs', async () => {
    const it = world();
    it.lab.made.set('ext-1', { urn: '', inputs: { size: 3 } });
    const told = await it.up(() => new Thing('a', { size: 5 }, { import: 'ext-1' }));
    expect(told.ok).to.equal(true);
    expect(told.story).to.deep.equal(['import a', 'update a']);
    expect(find(it, 'a').inputs).to.deep.equal({ size: 5 });
  });

  it('says what does not exist when it is imported', async () => {
    const it = world();
    it.lab.gone.add('nope');
    const told = await it.up(() => new Thing('a', {}, { import: 'nope' }));
    expect(told.ok).to.equal(false);
    expect(told.diagnostics).to.include("error: resource 'nope' does not exist");
    expect(named(it)).to.deep.equal([]);
  });

  it('reads a resource by id without owning it, and only forgets it afterwards', async () => {
    const it = world();
    it.lab.made.set('ext-1', { urn: '', inputs: { size: 3 } });
    const read = await it.up(() => new Thing('a', {}, { id: 'ext-1' }));
    expect(read.story).to.deep.equal(['read a']);
    expect(find(it, 'a')).to.include({ external: true, id: 'ext-1' });
    it.lab.calls.length = 0;
    const forgotten = await it.up(() => undefined);
    expect(forgotten.story).to.deep.equal(['discard a']);
    expect(it.lab.calls.filter((call) => call.startsWith('delete'))).to.deep.equal([]);
    expect(it.lab.made.has('ext-1')).to.equal(true);
  });

  it('keeps the replaced resource for the next update when its deletion fails', async () => {
    const it = world();
    await it.up(() => new Thing('a', { name: 'n1', failDelete: 'busy' }));
    const failed = await it.up(() => new Thing('a', { name: 'n2' }));
    expect(failed.ok).to.equal(false);
    expect(failed.story).to.deep.equal(['create-replacement a', 'replace a', 'delete-replaced a']);
    expect(named(it)).to.deep.equal(['a', 'a (to delete)']);
    const old = it.state.resources.find((state) => state.delete);
    if (old?.inputs) delete old.inputs['failDelete'];
    const retried = await it.up(() => new Thing('a', { name: 'n2' }));
    expect(retried.story).to.deep.equal(['delete-replaced a']);
    expect(named(it)).to.deep.equal(['a']);
  });

  it('does not delete what goes away with something else that is deleted', async () => {
    const it = world();
    await it.up(() => {
      const host = new Thing('host');
      new Thing('guest', {}, { deletedWith: host });
    });
    it.lab.calls.length = 0;
    await it.destroy();
    expect(it.lab.calls.filter((call) => call.startsWith('delete'))).to.deep.equal(['delete host']);
    expect(it.state.resources).to.deep.equal([]);
  });

  it('stops at the first failed deletion and keeps the rest in the state', async () => {
    const it = world();
    await it.up(() => {
      const a = new Thing('a');
      new Thing('b', { from: a.arn, failDelete: 'busy' });
    });
    const told = await it.destroy();
    expect(told.ok).to.equal(false);
    expect(told.diagnostics).to.deep.equal(['error: cannot delete b: busy', 'error: update failed']);
    expect(named(it)).to.deep.equal(['a', 'b']);
  });

  it('keeps a resource that exists but is not right, says so, and updates it the next time', async () => {
    const it = world();
    const told = await it.up(() => new Thing('a', { sick: 'no endpoint' }));
    expect(told.ok).to.equal(false);
    expect(find(it, 'a')).to.deep.include({ id: 'a-1', initErrors: ['no endpoint'] });
    const again = await it.up(() => new Thing('a', { sick: 'no endpoint' }));
    expect(again.story).to.deep.equal(['update a']);
    expect(find(it, 'a')).not.to.have.property('initErrors');
  });

  it('moves a resource under another parent without touching it', async () => {
    const it = world();
    await it.up(() => new Thing('a'));
    const told = await it.up(() => {
      const parent = new pulumi.ComponentResource('lab:comp:Box', 'box');
      new Thing('a', {}, { parent, aliases: [{ parent: pulumi.rootStackResource }] });
    });
    expect(told.counts).to.deep.equal({ create: 1, same: 2 });
    expect(it.state.resources.map(({ urn }) => urn)).to.include(
      'urn:pulumi:dev::conf::lab:comp:Box$lab:index:Thing::a',
    );
    expect(it.state.resources.some(({ aliases }) => aliases)).to.equal(false);
  });

  it('answers unknown for what a preview cannot know, and hides secrets', async () => {
    const it = world();
    const told = await it.preview(() => {
      const a = new Thing('a', { password: pulumi.secret('hush') });
      new Thing('b', { from: a.arn });
    });
    const inputs = told.events.flatMap(({ resourcePreEvent }) => {
      const state = resourcePreEvent?.metadata.new;
      return state?.type === 'lab:index:Thing' ? [state.inputs] : [];
    });
    expect(inputs[1]).to.deep.equal({ from: UNKNOWN });
    expect(JSON.stringify(told.events)).not.to.include('hush');
    expect(it.state.resources).to.deep.equal([]);
    expect(it.saves).to.deep.equal([]);
  });

  it('gives an asset the hash of its content', async () => {
    const it = world();
    await it.up(() => new Thing('a', { file: new pulumi.asset.StringAsset('hello') }));
    expect(find(it, 'a').inputs?.['file']).to.include({
      text: 'hello',
      hash: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
    });
  });

  it('notes each effect before it happens', async () => {
    const it = world();
    await it.up(() => new Thing('a'));
    const pending = it.saves.flatMap(({ pendingOperations }) =>
      pendingOperations.map(({ type, resource }) => `${type} ${resource.type}`),
    );
    expect(pending).to.include('creating lab:index:Thing');
    expect(it.saves.at(-1)?.pendingOperations).to.deep.equal([]);
  });

  it('fails with the message of a program that throws in an apply', async () => {
    const it = world();
    const told = await it.up(() => {
      const a = new Thing('a');
      new Thing('b', {
        from: a.arn.apply(() => {
          throw new Error('thrown in apply');
        }),
      });
    });
    expect(told.ok).to.equal(false);
    expect(told.error).to.include('thrown in apply');
    expect(named(it)).to.deep.equal(['a']);
  });

  for (const [what, name, program] of [
    ['components that live in a provider', 'Construct', () => new Remote()],
    ['methods of resources', 'Call', () => pulumi.runtime.call('lab:index:Thing/m', {}, new Thing('a'))],
    [
      'transforms of a resource',
      'transforms',
      () => new Thing('a', {}, { transforms: [async () => undefined] }),
    ],
    [
      'hooks',
      'hooks',
      () => new Thing('a', {}, { hooks: { afterCreate: [new pulumi.ResourceHook('h', () => undefined)] } }),
    ],
    ['dynamic providers', 'dynamic providers', () => new Dynamic()],
  ] as const) {
    it(`refuses ${what} by name`, async () => {
      const it = world();
      const told = await it.up(() => {
        program();
      });
      expect(told.ok).to.equal(false);
      expect([...told.diagnostics, told.error].join('\n')).to.match(
        new RegExp(`${name}.*: not supported by the embedded engine`),
      );
      expect(named(it).filter((made) => made !== 'a')).to.deep.equal([]);
    });
  }

  it('runs independent resources side by side, no more than asked for', async () => {
    const it = world();
    it.lab.gate = () => new Promise((resolve) => setTimeout(resolve, 5));
    await it.up(
      () => {
        for (let index = 0; index < 9; index++) new Thing(`t${index}`);
      },
      { parallel: 3 },
    );
    expect(it.lab.mostRunning).to.equal(3);
    expect(named(it)).to.have.length(9);
  });

  it('finishes and saves what is in flight when it is told to stop, and begins nothing more', async () => {
    const it = world();
    const stop = new AbortController();
    it.lab.gate = async () => stop.abort();
    const told = await it.up(
      () => {
        const a = new Thing('a');
        new Thing('b', { from: a.arn });
      },
      { signal: stop.signal },
    );
    expect(told).to.include({ ok: false, cancelled: true, error: 'update canceled' });
    expect(named(it)).to.deep.equal(['a']);
    expect(it.state.pendingOperations).to.deep.equal([]);
  });

  it('updates only its targets', async () => {
    const it = world();
    const program = (size: number) => () => {
      new Thing('a', { size });
      new Thing('b', { size });
    };
    await it.up(program(1));
    const told = await it.up(program(2), { targets: [`${URN}a`] });
    expect(told.story).to.deep.equal(['update a']);
    expect(find(it, 'b').inputs).to.deep.equal({ size: 1 });
  });

  it('does not make what stands on something that is excluded and not there', async () => {
    const it = world();
    const program = () => {
      const a = new Thing('a', {});
      new Thing('b', { from: a.arn });
    };
    for (const operation of [it.preview, it.up]) {
      const told = await operation(program, { excludes: ['**::a'] });
      expect(told.ok).to.equal(false);
      expect(told.diagnostics.join()).to.contain(
        `depends on '${URN}a', which does not exist and is excluded`,
      );
    }
    expect(it.lab.made.size).to.equal(0);
  });

  it('reads the outputs of another stack, their secrets as secrets', async () => {
    const it = world({ 'organization/conf/base': { url: 'u' } });
    await it.up(() => {
      const base = new pulumi.StackReference('organization/conf/base');
      new Thing('a', { url: base.getOutput('url') });
    });
    expect(find(it, 'a').inputs).to.deep.equal({ url: 'u' });
    const missing = await world().up(() => new pulumi.StackReference('organization/conf/nowhere'));
    expect(missing.ok).to.equal(false);
    expect(missing.diagnostics).to.include('error: unknown stack "organization/conf/nowhere"');
  });

  it('configures its own provider from the configuration of the package', async () => {
    const it = world();
    await it.up(() => new Thing('a'), {
      config: new Map([
        ['lab:token', 'hush'],
        ['conf:other', 'x'],
      ]),
      secretKeys: new Set(['lab:token']),
    });
    expect(it.lab.calls).to.include(
      'configure {"token":{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","value":"hush"}}',
    );
  });
});

describe('a creation whose answer was lost', () => {
  const lost = async (): Promise<{ it: World; pending: PendingOperation }> => {
    const it = world();
    await it.up(() => new Thing('a', { size: 1 }));
    const resource = { ...find(it, 'a') };
    delete resource.id;
    delete resource.outputs;
    const resources = it.state.resources.filter(({ urn }) => urn !== resource.urn);
    const pending: PendingOperation = { type: 'creating', resource };
    it.state = { resources, pendingOperations: [pending] };
    return { it, pending };
  };

  it('is taken into the state where the cloud remembers it', async () => {
    const { it } = await lost();
    it.lab.remembers = true;
    const told = await it.refresh();
    expect(told.ok).to.equal(true);
    expect(find(it, 'a').id).to.equal('a-1');
    expect(it.state.pendingOperations).to.deep.equal([]);
    const next = await it.up(() => new Thing('a', { size: 1 }));
    expect(next.counts).to.deep.equal({ same: 2 });
  });

  it('is forgotten where the cloud knows that it never was', async () => {
    const { it } = await lost();
    it.lab.remembers = true;
    it.lab.made.clear();
    await it.refresh();
    expect(named(it)).to.deep.equal([]);
    expect(it.state.pendingOperations).to.deep.equal([]);
  });

  const half = (own: pulumi.Inputs) => (): void => {
    const a = new Thing('a', own);
    new Thing('b', { of: a.arn });
  };

  /** The stack and its cloud as a kill leaves them that comes when the new resource is made and its note still open. */
  const cutReplacement = async (from: pulumi.Inputs, to: pulumi.Inputs): Promise<World> => {
    const it = world();
    it.lab.remembers = true;
    await it.up(half(from));
    const before = [...it.lab.made];
    await it.up(half(to));
    const cut = it.saves.findLast(({ pendingOperations: [open] }) => open?.type === 'creating');
    if (!cut) throw new Error('no creation was noted');
    for (const [id, made] of before) {
      const isThere = cut.resources.some((state) => state.id === id && !state.pendingReplacement);
      if (isThere) it.lab.made.set(id, made);
    }
    it.state = cut;
    return it;
  };

  it('is gone on with where it replaces a resource: the old one goes, and none is made again', async () => {
    const it = await cutReplacement({ name: 'old' }, { name: 'new' });
    expect([...it.lab.made.keys()]).to.have.members(['a-1', 'b-2', 'a-3']);
    await it.refresh();
    expect(named(it)).to.have.members(['a (to delete)', 'b', 'a']);
    const told = await it.up(half({ name: 'new' }));
    expect(told.story).to.deep.equal(['delete-replaced a']);
    expect([...it.lab.made.keys()]).to.have.members(['b-2', 'a-3']);
  });

  it('is gone on with where the resource it replaces is marked in the state already', async () => {
    const it = await cutReplacement({ name: 'old' }, { name: 'new' });
    for (const state of it.state.resources) if (state.id === 'a-1') state.delete = true;
    await it.refresh();
    const told = await it.up(half({ name: 'new' }));
    expect(told.story).to.deep.equal(['delete-replaced a']);
    expect([...it.lab.made.keys()]).to.have.members(['b-2', 'a-3']);
  });

  it('is gone on with where the resource it replaces was deleted before', async () => {
    const it = await cutReplacement({ zone: 'old' }, { zone: 'new' });
    expect(find(it, 'a').pendingReplacement).to.equal(true);
    await it.refresh();
    expect(named(it)).to.have.members(['b', 'a']);
    const told = await it.up(half({ zone: 'new' }));
    expect(told.story).to.deep.equal([]);
    expect([...it.lab.made.keys()]).to.have.members(['b-2', 'a-3']);
  });

  it('stays noted where nobody can say, without a word of it, as with the real CLI', async () => {
    const { it, pending } = await lost();
    const told = await it.refresh();
    expect(it.state.pendingOperations).to.deep.equal([pending]);
    expect(told.diagnostics).to.deep.equal([]);
  });

  it('is forgotten by the next update where it was that of a provider, which lives in the state only', async () => {
    const { it, pending } = await lost();
    const provider = { ...pending.resource, urn: `${URN}p`, type: 'pulumi:providers:lab' };
    it.state = { ...it.state, pendingOperations: [{ type: 'creating', resource: provider }] };
    await it.up(() => new Thing('a', { size: 1 }));
    expect(it.state.pendingOperations).to.deep.equal([]);
  });

  it('is warned of by an update', async () => {
    const { it } = await lost();
    const told = await it.up(() => new Thing('a', { size: 1 }));
    expect(told.diagnostics[0]).to.include(`${URN}a, interrupted while creating`);
  });
});
