import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { takeLock } from '../../../../src/engine/embedded/state/lock';
import { sweep } from '../../../../src/engine/embedded/state/sweep';
import { pathsIn, temporaryFolder } from './world';

const ID = '7d0b3a52-2d39-4c8f-9a6e-0123456789ab';

describe('what killed processes left half written', () => {
  /** Writes a file that is so many seconds old. */
  const leave = (path: string, age: number): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '{"version": 3, "che');
    const at = Date.now() / 1000 - age;
    utimesSync(path, at, at);
  };

  it('is removed under the stack’s lock, where it is older than that', async () => {
    const paths = pathsIn(temporaryFolder());
    leave(paths.checkpoint, 500);
    leave(`${paths.checkpoint}.bak`, 500);
    leave(`${paths.checkpoint}.${ID}.tmp`, 5);
    leave(`${paths.checkpoint}.4711.tmp`, 500);
    leave(join(paths.history, `dev-1.history.json.${ID}.tmp`), 5);
    leave(join(paths.locks, `${ID}.json.${ID}.tmp`), 90);
    const held = await takeLock(paths);
    await sweep(paths, held);
    await held.release();
    expect(readdirSync(dirname(paths.checkpoint))).to.have.members(['dev.json', 'dev.json.bak']);
    expect(readdirSync(paths.history)).to.deep.equal([]);
    expect(readdirSync(paths.locks)).to.deep.equal([]);
  });

  it('stays where somebody may be at it: younger than the lock, another stack’s, a lock in the making', async () => {
    const paths = pathsIn(temporaryFolder());
    const held = await takeLock(paths);
    const [other, mine] = [`dev.json2.json.${ID}.tmp`, `dev.json.${ID}.tmp`];
    leave(join(dirname(paths.checkpoint), other), 500);
    leave(join(dirname(paths.checkpoint), 'dev.json.mine.tmp'), 500);
    leave(join(dirname(paths.checkpoint), mine), -5);
    leave(join(paths.locks, `${ID}.json.${ID}.tmp`), 30);
    await sweep(paths, held);
    await held.release();
    expect(readdirSync(dirname(paths.checkpoint))).to.have.members([other, 'dev.json.mine.tmp', mine]);
    expect(readdirSync(paths.locks)).to.deep.equal([`${ID}.json.${ID}.tmp`]);
  });
});
