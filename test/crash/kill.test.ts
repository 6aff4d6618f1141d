import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { attemptLimit } from '../../src/core/failures';
import { copyEstate } from './estate';
import { type Blow, live, starter } from './life';
import { workingIn } from './process-tree';
import { buildProgram } from './program';
import { type Remains, remainsOf } from './remains';
import { isOpen, makeSeeds, SCENES, type Scene } from './scenes';

/** The same for everybody, so that nobody's change is refused for what another seed finds; vary it to search. */
const SEED = Number(process.env['SIGNALBOX_CRASH_SEED'] ?? 1);
const PER_LIFE = 8;
/** As many as bring every scene at least once. */
const WANTED = Number(process.env['SIGNALBOX_KILLS'] ?? PER_LIFE * SCENES.length);
/** An update that its driver sees lost once more than this has failed, as it must: that would be another end. */
const CHILDREN_PER_LIFE = attemptLimit - 1;
/** A child whose driver was killed saves what is under way first; its watchdog ends it after half a minute. */
const ORPHANS_GO_WITHIN = 120_000;

describe('a rollout that is killed again and again', function () {
  this.timeout(1_800_000);
  let folder = '';
  let program = '';
  const uncrashed = new Map<Scene, Remains>();
  const random = generator(SEED);

  before(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-crash-')));
    program = buildProgram(folder);
    await makeSeeds(program, folder);
    for (const scene of SCENES) {
      const root = join(folder, 'whole');
      copyEstate(join(folder, scene.seed), root);
      for (const command of scene.commands) {
        const { ends, last } = await live(starting(command, root), [], 1);
        expect(ends, `${scene.title}: ${last.slice(-3).join('\n')}`).to.deep.equal(command.ends.slice(0, 1));
      }
      uncrashed.set(scene, await remainsOf(root));
      rmSync(root, { recursive: true, force: true });
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('leaves whole things even without a kill: what lives is in the state, nothing is left open', () => {
    for (const [{ title, current }, { alive, held, litter, ledger }] of uncrashed) {
      expect(alive, title).to.deep.equal(held);
      expect(litter, title).to.deep.equal([]);
      expect(ledger, title).to.include({ current, isOpen: false, broken: undefined });
    }
  });

  it(`comes to the same end after ${WANTED} kills of driver, child or both, with nothing made twice`, async () => {
    const count = { driver: 0, child: 0, all: 0 };
    for (let dealt = 0, life = 1; dealt < WANTED; life += 1) {
      const scene = SCENES[(life - 1) % SCENES.length];
      if (!scene) throw new Error('there are scenes');
      const root = join(folder, `life-${life}`);
      copyEstate(join(folder, scene.seed), root);
      const blows = blowsOf(random);
      const told = [`life ${life} of seed ${SEED}: ${scene.title}`];
      for (const command of scene.commands) {
        const { ends, hits, told: dealtNow, last } = await live(starting(command, root), blows, 2 * PER_LIFE);
        told.push(...dealtNow);
        for (const at of hits) count[at] += 1;
        dealt += hits.length;
        expect(ends.at(-1), [...told, ...last.slice(-3)].join('\n')).to.be.oneOf([...command.ends]);
      }
      await sameEnd(scene, root, told.join('\n'));
      rmSync(root, { recursive: true, force: true });
    }
    expect(count.driver * count.child * count.all, JSON.stringify(count)).to.be.above(0);
  });

  const starting = ({ words }: Scene['commands'][number], root: string) =>
    starter(program, root, async () => words(await isOpen(root)));

  async function sameEnd(scene: Scene, root: string, told: string): Promise<void> {
    await gone(root, told);
    const { most, ...left } = await remainsOf(root);
    const { most: mostBefore = {}, ...whole } = uncrashed.get(scene) ?? {};
    expect(left, `${told}\n${JSON.stringify(left)}\n${JSON.stringify(whole)}`).to.deep.equal(whole);
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
  let left = CHILDREN_PER_LIFE;
  return Array.from({ length: PER_LIFE }, (): Blow => {
    const [kind, whom] = [random(), random()];
    const isChild = whom >= 0.45 && whom < 0.7 && left-- > 0;
    const at = isChild ? 'child' : whom < 0.6 ? 'driver' : 'all';
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
