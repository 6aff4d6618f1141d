import { expect } from 'chai';
import { createMemoryLedger, emptyContent } from '../../src/ledger/memory';
import { verifyLedger } from '../../src/ledger/verify';
import { draft } from './drafts';

describe('verifying a ledger', () => {
  it('finds nothing in an empty one', async () => {
    expect(await verifyLedger(createMemoryLedger())).to.deep.equal([]);
  });

  it('names each track with its length and head, or with its first broken entry', async () => {
    const content = emptyContent();
    const ledger = createMemoryLedger(content);
    const [, last] = await ledger.append('alpha', 0, [draft(1), draft(2)]);
    await ledger.append('beta', 0, [draft(1), draft(2)]);
    const beta = content.tracks.get('beta');
    beta?.rows.splice(0, 1);
    expect(await verifyLedger(ledger)).to.deep.equal([
      { track: 'alpha', isIntact: true, entries: 2, head: last?.hash },
      { track: 'beta', isIntact: false, seq: 1, reason: 'entry 1 is missing' },
    ]);
  });

  for (const [cut, reason] of [
    [1, 'entry 3 is missing'],
    [2, 'entries 2 to 3 are missing'],
  ] as const)
    it(`says in plain words what is missing at the end: ${reason}`, async () => {
      const content = emptyContent();
      const ledger = createMemoryLedger(content);
      await ledger.append('alpha', 0, [draft(1), draft(2), draft(3)]);
      content.tracks.get('alpha')?.rows.splice(3 - cut, cut);
      expect(await verifyLedger(ledger)).to.deep.equal([
        { track: 'alpha', isIntact: false, seq: 4 - cut, reason },
      ]);
    });
});
