import { mkdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Snapshot } from '../../../../src/engine/embedded/resource';
import { type Write, writeDurably } from '../../../../src/engine/embedded/state/file';
import { openSaver } from '../../../../src/engine/embedded/state/saver';
import { type Crypter, newCrypter } from '../../../../src/engine/embedded/state/secret';
import { readStack, writeStack } from '../../../../src/engine/embedded/state/stack-state';
import { snapshot, thing } from './things';
import { pathsIn, refusal, temporaryFolder } from './world';

/** The states that an operation passes through which creates `names`, one after the other. */
function* creating(names: readonly string[]): Generator<Snapshot> {
  const made = [];
  for (const name of names) {
    yield { resources: [...made], pendingOperations: [{ type: 'creating', resource: thing(name) }] };
    made.push(thing(name));
    yield snapshot(...made);
  }
}

describe('the saver', () => {
  let crypter: Crypter;
  before(async () => {
    crypter = await newCrypter('p');
  });
  const state = () => ({ crypter, metadata: {} });
  const read = async (root: string) => (await readStack(pathsIn(root), () => 'p'))?.snapshot;

  it('has a pending operation on disk before its effect may begin', async () => {
    const paths = pathsIn(temporaryFolder());
    const saver = openSaver(paths, state());
    for (const step of creating(['a', 'b', 'c'])) {
      await saver.save(step);
      if (step.pendingOperations.length > 0) {
        const names = (await read(paths.backend.root))?.pendingOperations.map(({ resource }) => resource.urn);
        expect(names).to.deep.equal(step.pendingOperations.map(({ resource }) => resource.urn));
      }
    }
    await saver.close();
    expect(await read(paths.backend.root)).to.deep.equal(snapshot(thing('a'), thing('b'), thing('c')));
  });

  it('does not write once for every unchanged resource', async () => {
    const paths = pathsIn(temporaryFolder());
    let writes = 0;
    const saver = openSaver(paths, state(), async (...args) => {
      writes += 1;
      await writeDurably(...args);
    });
    for (let count = 0; count < 500; count += 1) await saver.save(snapshot(thing('a')));
    await saver.close();
    expect(writes).to.be.within(1, 50);
    expect(await read(paths.backend.root)).to.deep.equal(snapshot(thing('a')));
  });

  it('leaves the state before the operation as a backup', async () => {
    const paths = pathsIn(temporaryFolder());
    await writeStack(paths, { snapshot: snapshot(thing('old')), ...state() });
    const saver = openSaver(paths, state());
    for (const step of creating(['a', 'b'])) await saver.save(step);
    await saver.close();
    expect(readFileSync(`${paths.checkpoint}.bak`, 'utf8')).to.contain('old-1');
  });

  it('lets no effect begin after a write that failed, and says why', async () => {
    const paths = pathsIn(temporaryFolder());
    const saver = openSaver(paths, state(), async () => {
      throw new Error('disk full');
    });
    const [first = snapshot(), second = snapshot()] = [...creating(['a'])];
    expect(await refusal(saver.save(first))).to.equal('disk full');
    expect(await refusal(saver.save(second))).to.equal('disk full');
    expect(await refusal(saver.close())).to.equal('disk full');
  });

  it('killed at any write leaves the state before it, with its pending operations, or the one after it', async () => {
    const steps = [...creating(['a', 'b', 'c'])];
    for (let point = 0; point < 8; point += 1) {
      const paths = pathsIn(temporaryFolder());
      await writeStack(paths, { snapshot: snapshot(thing('old')), ...state() });
      const stop = dyingWriter(point);
      const saver = openSaver(paths, state(), stop);
      try {
        for (const step of steps) await saver.save(step);
        await saver.close();
      } catch (error) {
        expect(error).to.have.property('message', 'killed');
      }
      const found = await read(paths.backend.root);
      const possible = [snapshot(thing('old')), ...steps];
      expect(possible, `killed at write ${point}`).to.deep.include(found);
      // And the same folder works again.
      await writeStack(paths, { snapshot: snapshot(thing('new')), ...state() });
      expect(await read(paths.backend.root)).to.deep.equal(snapshot(thing('new')));
    }
  });
});

/** Writes until its time has come, then leaves half a temporary file behind and never writes again. */
function dyingWriter(point: number): Write {
  let writes = 0;
  return async (path, content, options) => {
    writes += 1;
    if (writes <= point) return writeDurably(path, content, options);
    mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true });
    await writeDurably(`${path}.left.tmp`, content.slice(0, content.length / 2), { attributes: false });
    throw new Error('killed');
  };
}
