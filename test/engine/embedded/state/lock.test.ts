import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { readLocks, removeLocks, takeLock } from '../../../../src/engine/embedded/state/lock';
import { pathsIn, refusal, temporaryFolder } from './world';

describe('the lock of a stack', () => {
  it('lies where the real CLI looks for it, with what it prints', async () => {
    const paths = pathsIn(temporaryFolder());
    const lock = await takeLock(paths);
    const folder = join(paths.backend.root, '.pulumi/locks/organization/shop/dev');
    const [name = ''] = readdirSync(folder);
    expect(name).to.match(/^[0-9a-f-]{36}\.json$/);
    const content = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    expect(Object.keys(content)).to.deep.equal(['pid', 'username', 'hostname', 'timestamp']);
    expect(content.pid).to.equal(process.pid);
    await lock.release();
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it('of the real CLI is honoured, and its holder named', async () => {
    const paths = pathsIn(temporaryFolder());
    mkdirSync(paths.locks, { recursive: true });
    writeFileSync(
      join(paths.locks, 'c0ffee.json'),
      JSON.stringify({ pid: 42, username: 'eve', hostname: 'ci-7', timestamp: '2026-11-21T09:00:00Z' }),
    );
    const words = await refusal(takeLock(paths));
    expect(words).to.contain('the stack is currently locked by 1 lock(s)');
    expect(words).to.contain('created by eve@ci-7 (pid 42) at 2026-11-21T09:00:00Z');
    expect(await readLocks(paths)).to.have.length(1);
  });

  it('is held by one of two', async () => {
    const paths = pathsIn(temporaryFolder());
    const lock = await takeLock(paths);
    expect(await refusal(takeLock(paths))).to.contain('locked by 1 lock(s)');
    await lock.release();
    await (await takeLock(paths)).release();
  });

  it('of another stack does not matter', async () => {
    const root = temporaryFolder();
    await takeLock(pathsIn(root, 'dev'));
    await takeLock(pathsIn(root, 'prod'));
  });

  it('that cannot be read holds the stack all the same, until it is cancelled', async () => {
    const paths = pathsIn(temporaryFolder());
    mkdirSync(paths.locks, { recursive: true });
    writeFileSync(join(paths.locks, 'broken.json'), '{"pid"');
    expect(await refusal(takeLock(paths))).to.contain('locked by 1 lock(s)');
    expect(await removeLocks(paths)).to.equal(1);
    await takeLock(paths);
  });
});
