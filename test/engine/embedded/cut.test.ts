import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { type Program, type World, world } from './world';

class Thing extends pulumi.CustomResource {
  declare readonly arn: pulumi.Output<string>;
  constructor(name: string, props: pulumi.Inputs = {}, options: pulumi.CustomResourceOptions = {}) {
    super('lab:index:Thing', name, { arn: undefined, ...props }, options);
  }
}

class Group extends pulumi.ComponentResource {
  constructor(name: string, version: 1 | 2) {
    super('lab:index:Group', name, {}, {});
    new Thing(`${name}-inner`, { size: version }, { parent: this });
    this.registerOutputs({ version });
  }
}

/** From the first to the second version: replaced create-first and delete-first, with dependents; updated, deleted, created. */
const program =
  (version: 1 | 2): Program =>
  () => {
    const first = new Thing('create-first', { name: `v${version}` });
    new Thing('beside', { of: first.arn, size: version });
    const zone = new Thing('delete-first', { zone: `v${version}` });
    new Thing('on-zone', { zone: zone.arn });
    new Group('group', version);
    if (version === 1) new Thing('old', { of: first.arn });
    else new Thing('new', { of: first.arn });
  };

/** Names and inputs of what the state holds and of what lives in the cloud, and the most that ever lived of one at once. */
function remainsOf(it: World): unknown {
  const { resources, pendingOperations } = it.state;
  const held = resources.map(({ urn, id, inputs, delete: isDoomed, pendingReplacement }) => ({
    urn,
    inputs,
    isDoomed,
    pendingReplacement,
    isThere: id !== undefined && it.lab.made.has(id),
  }));
  const alive = [...it.lab.made.values()];
  return {
    held: held.sort(byUrn),
    alive: alive.sort(byUrn),
    most: mostOf(it.lab.calls),
    open: pendingOperations,
  };
}

const byUrn = (a: { urn: string }, b: { urn: string }): number => (a.urn < b.urn ? -1 : 1);

function mostOf(calls: readonly string[]): Record<string, number> {
  const [now, most]: Record<string, number>[] = [{}, {}];
  for (const call of calls) {
    const [rpc, name = ''] = call.split(' ');
    if (!now || !most || (rpc !== 'create' && rpc !== 'delete')) continue;
    now[name] = (now[name] ?? 0) + (rpc === 'create' ? 1 : -1);
    most[name] = Math.max(most[name] ?? 0, now[name]);
  }
  return Object.fromEntries(Object.entries(most ?? {}).sort());
}

/** Another world of the same state and the same cloud. */
function copyOf(it: World): World {
  const copy = world();
  copy.lab.remembers = true;
  copy.lab.calls.push(...it.lab.calls);
  for (const [id, made] of it.lab.made) copy.lab.made.set(id, made);
  copy.state = structuredClone(it.state);
  return copy;
}

describe('an update that is cut off', function () {
  this.timeout(300_000);

  for (const parallel of [1, 4]) {
    const up = async (it: World, version: 1 | 2): Promise<void> => {
      expect((await it.up(program(version), { parallel })).ok).to.equal(true);
    };
    const look = async (it: World): Promise<void> => {
      if (it.state.pendingOperations.length > 0) expect((await it.refresh({ parallel })).ok).to.equal(true);
    };

    it(`at any moment, and its look too, comes to the same end with nothing made twice, ${parallel} at a time`, async () => {
      const before = copyOf(world());
      await up(before, 1);
      const whole = copyOf(before);
      await up(whole, 2);
      let isCut = true;
      let moments = 0;
      for (; isCut; moments += 1) {
        const it = copyOf(before);
        isCut = await it.cut(moments, () => up(it, 2));
        // A look has three moments: one in four is not cut off.
        await it.cut(moments % 4, () => look(it));
        await look(it);
        await up(it, 2);
        expect(remainsOf(it), `after moment ${moments}`).to.deep.equal(remainsOf(whole));
      }
      expect(moments).to.be.above(20);
    });
  }
});
