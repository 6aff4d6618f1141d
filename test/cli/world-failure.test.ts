import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { timeOf } from '../../src/cli/viewer';
import { worldFailure } from '../../src/cli/world-failure';
import { openClock } from '../../src/engine/sandbox/clock';
import { openStore } from '../../src/engine/sandbox/store';

/** Whatever it throws; nothing is a failure of the test. */
function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('what is thrown', () => {
  const folder = mkdtempSync(join(tmpdir(), 'world-'));
  const file = join(folder, 'a.db');
  after(() => rmSync(folder, { recursive: true }));

  it('is a failure of the world where the system refuses a file', () => {
    writeFileSync(join(folder, 'file'), '');
    const error = thrownBy(() => writeFileSync(join(folder, 'file', 'below'), ''));
    expect(worldFailure(error)).to.match(/^ENOTDIR: /);
  });

  it('is one where a database cannot be written', () => {
    const created = new DatabaseSync(file);
    created.exec('CREATE TABLE t (x)');
    created.close();
    const database = new DatabaseSync(file, { readOnly: true });
    const error = thrownBy(() => database.exec('INSERT INTO t VALUES (1)'));
    database.close();
    expect(worldFailure(error)).to.match(/cannot be used: attempt to write a readonly database/);
  });

  it('is our bug everywhere else', () => {
    expect(worldFailure(new TypeError('x is undefined'))).to.equal(undefined);
    const database = new DatabaseSync(':memory:');
    expect(worldFailure(thrownBy(() => database.exec('SELEC 1')))).to.equal(undefined);
    database.close();
  });

  it('says that a disk is full, whatever SQLite has rolled back by then, and leaves a view without a time', () => {
    const store = openStore(join(folder, 'full.db'));
    const clock = openClock(store, 1);
    store.run(`PRAGMA max_page_count = ${store.one('PRAGMA page_count')?.['page_count']}`);
    const fill = (): unknown =>
      store.transact(() => store.run('INSERT INTO births VALUES (hex(randomblob(100000)), 1)'));
    expect(worldFailure(thrownBy(fill))).to.equal(
      'a database in .signalbox cannot be used: database or disk is full',
    );
    store.close();
    expect(timeOf(clock)).to.equal(undefined);
  });
});
