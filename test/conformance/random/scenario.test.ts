import { expect } from 'chai';
import type { Scenario } from '../corpus';
import { handleOf, type Program } from './program';
import { scenarioOf } from './scenario';
import { shrunk, smaller } from './shrink';

const SEEDS = Array.from({ length: 200 }, (_, index) => index + 1);

describe('scenarios made up from seeds', () => {
  it('are the same again for the same seed, and others for others', () => {
    expect(scenarioOf(7)).to.deep.equal(scenarioOf(7));
    expect(new Set(SEEDS.map((seed) => JSON.stringify(scenarioOf(seed)))).size).to.equal(SEEDS.length);
  });

  it('speak only of what their programs have made before', () => {
    for (const { steps } of SEEDS.map(scenarioOf)) {
      for (const { resources, outputs } of steps.map(({ program }) => program as Program)) {
        const made = new Set<string>();
        for (const entry of [...resources, { outputs: outputs ?? {} }]) {
          for (const [, name = ''] of JSON.stringify(entry).matchAll(/"\$ref":"([^".]*)/g)) {
            expect(made.has(name), JSON.stringify(entry)).to.equal(true);
          }
          made.add(handleOf(entry));
        }
      }
    }
  });

  it('become as small as what they show allows', async () => {
    const isShown = ({ steps }: Scenario) => JSON.stringify(steps.at(-1)).includes('"zone"');
    const scenario = SEEDS.map(scenarioOf).find(
      (candidate) => isShown(candidate) && candidate.steps.length > 3,
    );
    if (scenario === undefined) throw new Error('no seed shows it');
    const small = await shrunk(scenario, async (candidate) => isShown(candidate), 2000);
    expect(small.steps.length).to.equal(1);
    expect([...smaller(small)].some(isShown)).to.equal(false);
  });
});
