import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { childrenOf } from '../../crash/process-tree';
import { AWS, context, GOOD, makeWorld, valueIn, type World } from './world';

const MEGABYTE = 1024;

describe('a pool of one child', function () {
  this.timeout(900_000);
  let world: World;
  before(() => {
    world = makeWorld();
  });
  after(() => world.done());

  it('serves a hundred previews in a row without growing', async () => {
    const engine = world.engine({ parallel: 1 });
    const before = new Set(childrenOf(process.pid));
    const sizes: number[] = [];
    for (let count = 1; count <= 100; count += 1) {
      valueIn(await engine.preview(world.operation('again', GOOD, { providers: AWS }), context()));
      const child = childrenOf(process.pid).find((pid) => !before.has(pid));
      if (child !== undefined && count % 20 === 0) sizes.push(residentOf(child));
    }
    expect(sizes).to.not.deep.equal([]);
    // A child that has grown is replaced; what it grows by in its last operation comes on top.
    expect(Math.max(...sizes), `resident MB: ${sizes.join(' ')}`).to.be.below(320);
  });
});

describe('children on a real cloud', function () {
  this.timeout(120_000);
  let world: World;
  before(() => {
    world = makeWorld();
  });
  after(() => world.done());

  it('serve one environment each: what a package keeps reaches no neighbour, also once they were replaced', async () => {
    const pool = world.pool({ size: 1, isApart: true });
    // A package outside of the components is loaded once a process, and keeps what it saw first.
    world.write('kept/index.js', 'exports.profile = process.env.AWS_PROFILE; exports.pid = process.pid;');
    const body = `
      const kept = require(${JSON.stringify(`${world.root}/kept`)});
      const { env } = process;
      this.answer = [kept.profile, env.AWS_PROFILE, env.NODE_EXTRA_CA_CERTS, kept.pid];`;
    const seen = async (stack: string, variables: Readonly<Record<string, string>>) => {
      const operation = world.operation(stack, body, { variables });
      const empty = { version: 3, checkpoint: { stack: `organization/isolated/${stack}`, latest: null } };
      world.write(`.signalbox/state/.pulumi/stacks/isolated/${stack}.json`, JSON.stringify(empty));
      const done = valueIn(await pool.run({ kind: 'up', operation, absent: [] }, context()));
      const [kept, profile, certificates, pid] = (
        'outputs' in done ? done.outputs['answer'] : []
      ) as string[];
      return { kept, profile, certificates, pid };
    };
    const one = await seen('one', { AWS_PROFILE: 'one', NODE_EXTRA_CA_CERTS: '/one' });
    expect(one).to.include({ kept: 'one', profile: 'one', certificates: '/one' });
    const again = await seen('one-too', { AWS_PROFILE: 'one', NODE_EXTRA_CA_CERTS: '/one' });
    expect(again.pid, 'the same environment, the same child').to.equal(one.pid);
    const two = await seen('two', { AWS_PROFILE: 'two' });
    expect(two).to.include({ kept: 'two', profile: 'two' }).and.not.include({ certificates: '/one' });
    const none = await seen('none', {});
    expect([none.kept ?? null, none.profile ?? null], 'without an environment').to.deep.equal([null, null]);
    const back = await seen('one', { AWS_PROFILE: 'one', NODE_EXTRA_CA_CERTS: '/one' });
    expect(back).to.include({ kept: 'one', profile: 'one', certificates: '/one' });
    expect(back.pid, 'its child had made room').to.not.equal(one.pid);
  });
});

/** Resident memory of a process in MB. */
function residentOf(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / MEGABYTE);
}
