import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { childrenOf } from '../../crash/process-tree';
import { AWS, context, GOOD, makeWorld, valueIn, type World } from './world';

const MEGABYTE = 1024;

describe('a pool of one child', function () {
  this.timeout(240_000);
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

/** Resident memory of a process in MB. */
function residentOf(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / MEGABYTE);
}
