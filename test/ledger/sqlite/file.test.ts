import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { type Ledger, LedgerFailure } from '../../../src/ledger/port';
import { createFile } from '../../../src/ledger/sqlite/file';
import { openSqliteLedger } from '../../../src/ledger/sqlite/ledger';
import { ada, draft } from '../drafts';

describe('the file of a sqlite ledger', () => {
  let folder: string;
  let file: string;
  const opened: Ledger[] = [];
  const open = (options = {}) => {
    const ledger = openSqliteLedger(file, options);
    opened.push(ledger);
    return ledger;
  };
  const record = async (entries: number) => {
    const ledger = openSqliteLedger(file);
    const drafts = Array.from({ length: entries }, (_, number) => draft(number, 'x'.repeat(1000)));
    await ledger.append('beta', 0, drafts);
    await ledger.close();
  };
  /** Every way to use the ledger fails in this way and leaves the file as it is. */
  const expectRefused = async (kind: string, message: RegExp) => {
    const before = readFileSync(file);
    const uses: ((ledger: Ledger) => Promise<unknown>)[] = [
      (ledger) => ledger.read('beta'),
      (ledger) => ledger.append('beta', 0, [draft(1)]),
      (ledger) => ledger.acquire('track:beta', ada, 1000),
      (ledger) => ledger.verify('beta'),
    ];
    for (const use of uses) {
      const error = (await use(open()).catch((error: unknown) => error)) as LedgerFailure;
      expect(error, String(error)).to.be.instanceOf(LedgerFailure);
      expect(error.kind).to.equal(kind);
      expect(error.message).to.include(file).and.match(message);
      expect(error.remedy).to.not.equal('');
    }
    expect(readFileSync(file).equals(before), 'the file is as it was').to.equal(true);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-ledger-'));
    file = join(folder, 'state', 'ledger.db');
  });
  afterEach(async () => {
    for (const ledger of opened.splice(0)) await ledger.close();
    rmSync(folder, { recursive: true });
  });

  it('is not created by reading', async () => {
    const ledger = open();
    expect([await ledger.tracks(), await ledger.read('beta'), await ledger.verify('beta')]).to.deep.equal([
      [],
      [],
      undefined,
    ]);
    expect(existsSync(join(folder, 'state'))).to.equal(false);
  });

  it('is seen by a reader that looked before it was created', async () => {
    const reader = open();
    await reader.read('beta');
    await record(1);
    expect(await reader.read('beta')).to.have.length(1);
  });

  it('belongs to its owner alone, folder and all', async () => {
    await record(1);
    expect(statSync(join(folder, 'state')).mode & 0o777).to.equal(0o700);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(readdirSync(join(folder, 'state'))).to.deep.equal(['ledger.db']);
  });

  it('refuses to change or delete entries by SQL', async () => {
    await record(2);
    const database = new DatabaseSync(file);
    expect(() => database.exec("UPDATE entry SET actor = 'eve'")).to.throw('append-only');
    expect(() => database.exec('DELETE FROM entry')).to.throw('append-only');
    database.close();
  });

  it('is refused when it is empty, a text, or a folder', async () => {
    await record(1);
    truncateSync(file, 0);
    await expectRefused('corrupt', /is empty/);
    writeFileSync(
      file,
      'hello, this is a letter to a friend, longer than a header of one hundred bytes, I hope so',
    );
    await expectRefused('unsupported', /no SQLite database/);
    const error = await openSqliteLedger(folder)
      .read('beta')
      .catch((error) => error);
    expect(error.kind).to.equal('unsupported');
  });

  it("is refused when it is another program's database", async () => {
    await record(1);
    rmSync(file);
    const database = new DatabaseSync(file);
    database.exec('CREATE TABLE entry (track TEXT)');
    database.close();
    await expectRefused('unsupported', /not a Signalbox ledger/);
  });

  it('is refused when a newer version wrote it', async () => {
    await record(1);
    const database = new DatabaseSync(file);
    database.exec('UPDATE schema_version SET version = 2');
    database.close();
    await expectRefused('unsupported', /schema version 2.*knows version 1/);
  });

  it('is refused when it is cut anywhere', async () => {
    await record(40);
    const whole = readFileSync(file);
    for (const size of [50, 100, 4096, 8192, whole.length - 4096]) {
      writeFileSync(file, whole.subarray(0, size));
      await expectRefused(
        size < 72 ? 'unsupported' : 'corrupt',
        /damaged|not complete|not a Signalbox ledger/,
      );
    }
  });

  it('is not read when its very last byte is cut', async () => {
    await record(40);
    truncateSync(file, statSync(file).size - 1);
    const error = await open()
      .read('beta')
      .catch((error) => error);
    expect(error.kind).to.equal('corrupt');
  });

  it('is refused when a page of it is overwritten', async () => {
    await record(40);
    const whole = readFileSync(file);
    for (let page = 1; page < whole.length / 4096; page += 1) {
      const broken = Buffer.from(whole);
      broken.fill(0xa5, page * 4096, (page + 1) * 4096);
      writeFileSync(file, broken);
      const ledger = openSqliteLedger(file);
      const [read, verified] = [
        await ledger.read('beta').catch((error) => error.kind),
        await ledger.verify('beta').catch((error) => error.kind),
      ];
      await ledger.close();
      // Pages that only hold leases or the index of keys do not matter to a reader.
      if (read !== 'corrupt') expect(read, `page ${page}`).to.have.length(40);
      else expect(verified === 'corrupt' || typeof verified === 'object', `page ${page}`).to.equal(true);
    }
  });

  it('is not created beside the journal of a ledger that is gone', async () => {
    await record(1);
    renameSync(file, `${file}-journal`);
    const error = await open()
      .append('beta', 0, [draft(1)])
      .catch((error) => error);
    expect(error.kind).to.equal('corrupt');
    expect(error.message).to.match(/journal is still there/);
    expect(existsSync(file)).to.equal(false);
  });

  it('is neither read nor written any more when it was removed or replaced while in use', async () => {
    const ledger = open();
    await ledger.append('beta', 0, [draft(1)]);
    const uses = [() => ledger.append('beta', 1, [draft(2)]), () => ledger.read('beta')];
    const expectGone = async () => {
      for (const use of uses) {
        const error = await use().catch((error) => error);
        expect(error).to.include({ kind: 'unavailable' });
        expect(error.message).to.include('was removed or replaced while in use');
      }
    };
    renameSync(file, `${file}.moved`);
    await expectGone();
    await record(1);
    await expectGone();
  });

  it('is left alone by a process that creates it a moment too late', async () => {
    await record(1);
    createFile(file);
    expect(await open().read('beta')).to.have.length(1);
    expect(readdirSync(join(folder, 'state'))).to.deep.equal(['ledger.db']);
  });

  it('says that it is busy when another process keeps it locked, and goes on once it is free', async () => {
    await record(1);
    const other = new DatabaseSync(file);
    other.exec('BEGIN EXCLUSIVE');
    const hasty = open({ patience: 5 });
    expect(await hasty.read('beta').catch((error) => error.kind)).to.equal('busy');
    expect(await hasty.append('beta', 1, [draft(1)]).catch((error) => error.kind)).to.equal('busy');
    const patient = open().append('beta', 1, [draft(7)]);
    setTimeout(() => other.close(), 5);
    expect((await patient)[0]?.seq).to.equal(2);
  });

  it('names the file and what to check when the folder cannot be written', async () => {
    writeFileSync(join(folder, 'state'), 'a file where the folder should be');
    const error = await open()
      .append('beta', 0, [draft(1)])
      .catch((error) => error);
    expect(error.kind).to.equal('unavailable');
    expect(error.message).to.include(file);
  });
});
