import { expect } from 'chai';
import fc from 'fast-check';
import type { Row } from '../../src/ledger/chain';
import type { Draft, Ledger } from '../../src/ledger/port';
import { type Bench, failureOf } from './bench';
import { ada, bob, draft, take } from './drafts';

/** What every ledger does, whatever it stores its entries in. */
export function ledgerContract(name: string, createBench: () => Bench): void {
  describe(`${name}: the ledger contract`, () => {
    let bench: Bench;
    let ledger: Ledger;
    let now: number;
    let alive: boolean;
    const opened: Ledger[] = [];
    const open = () => {
      const another = bench.open({ now: () => now, isAlive: () => alive });
      opened.push(another);
      return another;
    };

    beforeEach(() => {
      bench = createBench();
      now = 1_000_000;
      alive = true;
      ledger = open();
    });
    afterEach(async () => {
      for (const one of opened.splice(0)) await one.close();
      bench.dispose();
    });

    describe('append and read', () => {
      it('answers an empty ledger with no tracks, no entries and an intact chain', async () => {
        expect(await ledger.tracks()).to.deep.equal([]);
        expect(await ledger.read('beta')).to.deep.equal([]);
        expect(await ledger.verify('beta')).to.equal(undefined);
      });

      it('returns what it recorded, chained from entry 1, to a reader that opens it later', async () => {
        const appended = await ledger.append('beta', 0, [draft(1), draft(2)]);
        expect(appended.map((entry) => entry.seq)).to.deep.equal([1, 2]);
        expect(appended[0]).to.deep.include({ ...draft(1), track: 'beta', prev: '0'.repeat(64) });
        expect(appended[1]?.prev).to.equal(appended[0]?.hash);
        expect(await open().read('beta')).to.deep.equal(appended);
      });

      it('reads from after an entry on', async () => {
        await ledger.append('beta', 0, [draft(1), draft(2), draft(3)]);
        const seqs = async (after: number) => (await ledger.read('beta', after)).map((entry) => entry.seq);
        expect([await seqs(0), await seqs(2), await seqs(3), await seqs(9)]).to.deep.equal([
          [1, 2, 3],
          [3],
          [],
          [],
        ]);
      });

      it('keeps tracks apart', async () => {
        await ledger.append('prod', 0, [draft(1)]);
        await ledger.append('beta', 0, [draft(1)]);
        expect(await ledger.tracks()).to.deep.equal(['beta', 'prod']);
        expect(await ledger.read('prod')).to.have.length(1);
      });

      it('keeps any JSON as it is', async () => {
        const payloads = fc.dictionary(
          fc.string({ unit: 'binary' }),
          fc.jsonValue({ stringUnit: 'binary' }).map((value) => JSON.parse(JSON.stringify(value))), // JSON has no -0
        );
        let head = 0;
        await fc.assert(
          fc.asyncProperty(payloads, async (payload) => {
            const event = { ...payload, type: 'veto-set' } as unknown as Draft['event'];
            const [entry] = await ledger.append('beta', head, [{ ...draft(head), event }]);
            head += 1;
            expect(entry?.event).to.deep.equal(event);
            expect((await ledger.read('beta', head - 1))[0]).to.deep.equal(entry);
          }),
          { numRuns: 25 },
        );
        expect(await ledger.verify('beta')).to.equal(undefined);
      });

      it('refuses what JSON would drop or bend, and records nothing of the batch', async () => {
        for (const bad of [
          undefined,
          Number.NaN,
          Number.POSITIVE_INFINITY,
          () => 1,
          1n,
          new Date(0),
          new Map(),
        ]) {
          const event = { ...draft(2).event, nested: [{ bad }] } as unknown as Draft['event'];
          const refused = await ledger
            .append('beta', 0, [draft(1), { ...draft(2), event }])
            .catch((error) => error);
          expect(refused).to.be.instanceOf(TypeError);
          expect(refused.message).to.include('veto-set.nested[0].bad');
        }
        expect(await ledger.read('beta')).to.deep.equal([]);
      });
    });

    it('refuses names that a store could bend, and times that are none', async () => {
      const bad = [{ actor: '' }, { actor: 'a\0b' }, { key: '\ud800' }, { at: Number.NaN as Draft['at'] }];
      for (const part of bad) {
        const refused = await ledger.append('beta', 0, [{ ...draft(1), ...part }]).catch((error) => error);
        expect(refused).to.be.instanceOf(TypeError);
      }
      expect(await ledger.append('', 0, [draft(1)]).catch((error) => error)).to.be.instanceOf(TypeError);
      expect(await ledger.tracks()).to.deep.equal([]);
    });

    describe('conflict and idempotency', () => {
      it('refuses a writer that does not know the last entry, and records nothing of it', async () => {
        await ledger.append('beta', 0, [draft(1)]);
        expect(await failureOf(open().append('beta', 0, [draft(2)]))).to.equal('conflict');
        expect(await failureOf(open().append('beta', 7, [draft(2)]))).to.equal('conflict');
        expect(await ledger.read('beta')).to.have.length(1);
      });

      it('answers a recorded key with the recorded entry, whatever the head and the new content', async () => {
        const [first] = await ledger.append('beta', 0, [draft(1)]);
        await ledger.append('beta', 1, [draft(2)]);
        expect(await ledger.append('beta', 0, [draft(1, 'told again')])).to.deep.equal([first]);
        expect(await ledger.read('beta')).to.have.length(2);
      });

      it('records only what is new of a batch', async () => {
        await ledger.append('beta', 0, [draft(1)]);
        const answer = await ledger.append('beta', 1, [draft(1), draft(2), draft(2)]);
        expect(answer.map((entry) => entry.seq)).to.deep.equal([1, 2, 2]);
      });

      it('lets exactly one of two writers with the same head win', async () => {
        const other = open();
        const results = await Promise.all([
          failureOf(ledger.append('beta', 0, [draft(1)])),
          failureOf(other.append('beta', 0, [draft(2)])),
        ]);
        expect(results.sort()).to.deep.equal(['conflict', 'none']);
        expect(await ledger.read('beta')).to.have.length(1);
      });
    });

    describe('chain', () => {
      const edits: Readonly<Record<string, (row: Row) => Row | undefined>> = {
        'an edited payload': (row) => ({ ...row, payload: row.payload.replace('reason', 'reas0n') }),
        'white space in a payload': (row) => ({ ...row, payload: row.payload.replace(':', ': ') }),
        'another type': (row) => ({ ...row, type: 'veto-cleared' }),
        'another time': (row) => ({ ...row, at: row.at + 1 }),
        'another actor': (row) => ({ ...row, actor: 'eve' }),
        'another key': (row) => ({ ...row, key: 'other' }),
        'another predecessor': (row) => ({ ...row, prev: 'f'.repeat(64) }),
        'another hash': (row) => ({ ...row, hash: 'f'.repeat(64) }),
        'a removed entry': () => undefined,
      };
      for (const [title, edit] of Object.entries(edits)) {
        for (const seq of [1, 2, 3]) {
          it(`notices ${title} (entry ${seq} of 3), and returns no entry of the track any more`, async () => {
            await ledger.append('beta', 0, [draft(1), draft(2), draft(3)]);
            await ledger.append('prod', 0, [draft(1)]);
            bench.tamper('beta', seq, edit);
            expect(await ledger.verify('beta')).to.include({ seq });
            expect(await failureOf(ledger.read('beta'))).to.equal('corrupt');
            expect(await ledger.verify('prod')).to.equal(undefined);
          });
        }
      }

      it('notices entries in another order', async () => {
        await ledger.append('beta', 0, [draft(1), draft(2), draft(3)]);
        const [, second, third] = await ledger.read('beta');
        const swap = (row: Row, by: typeof second) => {
          const { type, ...payload } = by?.event ?? { type: '' };
          return { ...row, type, at: by?.at ?? 0, payload: JSON.stringify(payload) };
        };
        bench.tamper('beta', 2, (row) => swap(row, third));
        bench.tamper('beta', 3, (row) => swap(row, second));
        expect(await ledger.verify('beta')).to.include({ seq: 2 });
      });

      it('notices any flipped byte of a payload', async () => {
        await ledger.append('beta', 0, [draft(1)]);
        let original = '';
        bench.tamper('beta', 1, (row) => {
          original = row.payload;
          return row;
        });
        expect(await ledger.verify('beta')).to.equal(undefined);
        for (let at = 0; at < original.length; at += 1) {
          const flipped = String.fromCharCode(original.charCodeAt(at) ^ 1);
          bench.tamper('beta', 1, (row) => ({
            ...row,
            payload: original.slice(0, at) + flipped + original.slice(at + 1),
          }));
          expect(await ledger.verify('beta'), `byte ${at}`).to.include({ seq: 1 });
        }
      });
    });

    describe('leases', () => {
      it('gives a resource to one holder at a time and says who has it until when', async () => {
        await take(ledger, 'track:beta', ada, 5000);
        expect(await open().acquire('track:beta', bob, 5000)).to.deep.equal({
          heldBy: ada,
          until: now + 5000,
        });
        expect(await open().acquire('track:prod', bob, 5000)).to.include({
          resource: 'track:prod',
          token: 1,
        });
      });

      it('tells who holds a resource without taking it, and nobody once it is free', async () => {
        const ledger = open();
        expect(await ledger.holderOf('track:beta')).to.equal(undefined);
        const lease = await take(ledger, 'track:beta', ada, 5000);
        expect(await open().holderOf('track:beta')).to.deep.include({ heldBy: ada });
        await ledger.release(lease);
        expect(await ledger.holderOf('track:beta')).to.equal(undefined);
      });

      it('is free after its time, not before, with a larger token', async () => {
        const first = await take(ledger, 'track:beta', ada, 5000);
        now += 4999;
        expect(await ledger.acquire('track:beta', bob, 5000)).to.have.property('heldBy');
        now += 1;
        expect((await take(ledger, 'track:beta', bob)).token).to.be.greaterThan(first.token);
      });

      it('is free at once when its process is gone', async () => {
        await take(ledger, 'track:beta', ada);
        alive = false;
        expect(await take(ledger, 'track:beta', bob)).to.include({ token: 2 });
      });

      it('is free at once when released, and its token still grows', async () => {
        const lease = await take(ledger, 'track:beta', ada);
        await ledger.release(lease);
        expect((await take(ledger, 'track:beta', bob)).token).to.be.greaterThan(lease.token);
      });

      it('is held for longer when renewed, even after its time as long as nobody took it', async () => {
        const lease = await take(ledger, 'track:beta', ada, 5000);
        now += 6000;
        expect(await ledger.renew(lease, 5000)).to.equal(true);
        now += 4000;
        expect(await ledger.acquire('track:beta', bob, 5000)).to.have.property('heldBy');
      });

      it('is not renewed, and not released for the new holder, by the one that lost it', async () => {
        const lost = await take(ledger, 'track:beta', ada, 5000);
        now += 5000;
        await take(ledger, 'track:beta', bob, 5000);
        expect(await ledger.renew(lost, 5000)).to.equal(false);
        await ledger.release(lost);
        expect(await ledger.acquire('track:beta', ada, 5000)).to.deep.include({ heldBy: bob });
      });

      it('keeps how its holder can be told from a later process with the same pid', async () => {
        await take(ledger, 'track:beta', { ...ada, started: 'boot 17' });
        expect(await open().acquire('track:beta', bob, 1)).to.deep.include({
          heldBy: { ...ada, started: 'boot 17' },
        });
      });
    });

    describe('fencing', () => {
      it('lets the holder write, also after its time as long as nobody took over', async () => {
        const lease = await take(ledger, 'track:beta', ada, 5000);
        await ledger.append('beta', 0, [draft(1)], lease);
        now += 60_000;
        await ledger.append('beta', 1, [draft(2)], lease);
        expect(await ledger.read('beta')).to.have.length(2);
      });

      it('refuses the write of a holder that somebody took over from, even of what is recorded', async () => {
        const stale = await take(ledger, 'track:beta', ada, 5000);
        await ledger.append('beta', 0, [draft(1)], stale);
        now += 5000;
        await take(open(), 'track:beta', bob);
        expect(await failureOf(ledger.append('beta', 1, [draft(2)], stale))).to.equal('lease-lost');
        expect(await failureOf(ledger.append('beta', 1, [draft(1)], stale))).to.equal('lease-lost');
        expect(await ledger.read('beta')).to.have.length(1);
      });

      it('refuses the write of a holder that released, and of one that never acquired', async () => {
        const lease = await take(ledger, 'track:beta', ada);
        await ledger.release(lease);
        expect(await failureOf(ledger.append('beta', 0, [draft(1)], lease))).to.equal('lease-lost');
        const invented = { resource: 'track:prod', token: 1, holder: ada };
        expect(await failureOf(ledger.append('prod', 0, [draft(1)], invented))).to.equal('lease-lost');
      });

      it('lets anybody write a request without a lease while another holds it', async () => {
        const lease = await take(ledger, 'track:beta', ada);
        await open().append('beta', 0, [draft(1)]);
        expect(await failureOf(ledger.append('beta', 0, [draft(2)], lease))).to.equal('conflict');
        await ledger.append('beta', 1, [draft(2)], lease);
      });
    });
  });
}
