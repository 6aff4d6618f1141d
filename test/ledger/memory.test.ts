import { expect } from 'chai';
import { copyToMemory, createMemoryLedger, emptyContent } from '../../src/ledger/memory';
import { ledgerContract } from './contract';
import { draft } from './drafts';

ledgerContract('memory', () => {
  const content = emptyContent();
  return {
    open: (machine) => createMemoryLedger(content, machine),
    tamper: (track, seq, change) => {
      const found = content.tracks.get(track);
      if (!found) throw new Error(`no track ${track}`);
      const rows = found.rows.flatMap((row) => (row.seq === seq ? (change(row) ?? []) : [row]));
      content.tracks.set(track, { ...found, rows });
    },
    dispose: () => {},
  };
});

describe('a copy in memory', () => {
  it('holds the same entries and leaves its source alone', async () => {
    const source = createMemoryLedger();
    await source.append('beta', 0, [draft(1), draft(2)]);
    const copy = await copyToMemory(source);
    expect(await copy.read('beta')).to.deep.equal(await source.read('beta'));
    await copy.append('beta', 2, [draft(3)]);
    expect(await source.read('beta')).to.have.length(2);
  });
});
