import { join } from 'node:path';
import { expect } from 'chai';
import { duration } from '../../../src/core/time';
import { lockMount } from '../../../src/engine/automation/mount-lock';
import { context, failureIn, makeWorld, valueIn, type World } from './world';

describe('the mount of a stack', function () {
  this.timeout(240_000);
  let world: World;
  before(() => {
    world = makeWorld();
  });
  after(() => world.done());
  const lockFile = (stack: string) => join(world.root, '.signalbox', 'mount', `${stack}.lock`);

  it('holds the content of one command at a time, whoever else wants another release there', async () => {
    const previewed = ['Blue', 'Green', 'Red'].map(async (colour) => {
      const engine = world.engine({ parallel: 1 });
      const body = `new pulumi.ComponentResource('test:it:${colour}', 'part', {}, { parent: this });`;
      for (let round = 0; round < 3; round += 1) {
        const { changes } = valueIn(await engine.preview(world.operation('shared', body), context()));
        const parts = changes.map(({ type }) => type).filter((type) => type.startsWith('test:it:'));
        expect(parts).to.have.members(['test:it:It', `test:it:${colour}`]);
      }
    });
    await Promise.all(previewed);
  });

  it('is waited for, and a command whose time is up says that another one works there', async () => {
    const unlock = await lockMount(lockFile('busy'));
    const engine = world.engine();
    const waiting = world.operation('busy', '', { timeout: duration(300) });
    expect(failureIn(await engine.preview(waiting, context()))).to.include({
      kind: 'locked',
      message: 'another command works on busy',
    });
    valueIn(await engine.preview(world.operation('free', ''), context()));
    unlock();
    valueIn(await engine.preview(world.operation('busy', ''), context()));
  });

  it('is waited for no longer once the user cancels', async () => {
    const unlock = await lockMount(lockFile('left'));
    const user = new AbortController();
    const preview = world.engine().preview(world.operation('left', ''), { signal: user.signal });
    user.abort();
    expect(failureIn(await preview).kind).to.equal('cancelled');
    unlock();
  });
});
