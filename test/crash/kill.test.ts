import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { copyEstate, makeEstate } from './estate';
import { type Blow, type Life, live, starter } from './life';
import { workingIn } from './process-tree';
import { buildProgram } from './program';
import { type Remains, remainsOf } from './remains';

const WANTED = Number(process.env['SIGNALBOX_KILLS'] ?? 50);
const SEED = Number(process.env['SIGNALBOX_CRASH_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const PER_LIFE = 8;
const COMMAND = ['promote', '--track', 'beta'];
/** A child whose driver was killed saves what is under way first. */
const ORPHANS_GO_WITHIN = 45_000;

describe('a promotion that is killed again and again', function () {
  this.timeout(900_000);
  let folder = '';
  let program = '';
  let uncrashed: Remains;
  const random = generator(SEED);

  before(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-crash-')));
    program = buildProgram(folder);
    makeEstate(join(folder, 'whole'));
    copyEstate(join(folder, 'whole'), join(folder, 'seed'));
    const { ends, last } = await live(starter(program, join(folder, 'whole'), COMMAND), [], 1);
    expect(ends, last.slice(-3).join('\n')).to.deep.equal([0]);
    uncrashed = await remainsOf(join(folder, 'whole'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('leaves whole things even without a kill: what lives is in the state, nothing is left open', () => {
    expect(uncrashed.alive).to.deep.equal(uncrashed.held);
    expect(uncrashed.litter).to.deep.equal([]);
    expect(uncrashed.ledger).to.include({ current: 'beta.2', isOpen: false, broken: undefined });
  });

  it(`comes to the same end after ${WANTED} kills of driver, child or both, with nothing made twice`, async () => {
    const count = { driver: 0, child: 0, all: 0 };
    for (let dealt = 0, life = 1; dealt < WANTED; life += 1) {
      const root = join(folder, `life-${life}`);
      copyEstate(join(folder, 'seed'), root);
      const told = `life ${life} of seed ${SEED}`;
      const lived = await live(starter(program, root, COMMAND), blowsOf(random), 2 * PER_LIFE);
      for (const at of lived.hits) count[at] += 1;
      dealt += lived.hits.length;
      await sameEnd(root, lived, told);
      rmSync(root, { recursive: true, force: true });
    }
    expect(count.driver * count.child * count.all, JSON.stringify(count)).to.be.above(0);
  });

  async function sameEnd(root: string, { ends, last }: Life, told: string): Promise<void> {
    expect(ends.at(-1), `${told}: ${last.slice(-3).join('\n')}`).to.equal(0);
    await gone(root, told);
    const { most, ...left } = await remainsOf(root);
    const { most: mostBefore, ...whole } = uncrashed;
    expect(left, told).to.deep.equal(whole);
    const twice = Object.keys(most).filter((urn) => (most[urn] ?? 0) > (mostBefore[urn] ?? 0));
    expect(twice, told).to.deep.equal([]);
  }

  /** No process that a killed driver left behind lives on. */
  async function gone(root: string, told: string): Promise<void> {
    const until = Date.now() + ORPHANS_GO_WITHIN;
    while (workingIn(root).length > 0) {
      expect(Date.now(), `${told}: processes ${workingIn(root).join(', ')} live on`).to.be.below(until);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
});

/** Mostly by the program's own story, which spreads them evenly however fast the machine is; some by the clock, at its start. */
function blowsOf(random: () => number): Blow[] {
  return Array.from({ length: PER_LIFE }, (): Blow => {
    const [kind, whom] = [random(), random()];
    const at = whom < 0.45 ? 'driver' : whom < 0.7 ? 'child' : 'all';
    const isEarly = kind < 0.15;
    return {
      at,
      afterLines: isEarly ? 0 : 1 + Math.floor(random() * 75),
      afterMs: Math.floor(random() * (isEarly ? 1_500 : 60)),
    };
  });
}

/** The same numbers for the same seed (a linear congruential generator). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
