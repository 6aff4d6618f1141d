import { join } from 'node:path';
import { expect } from 'chai';
import { FIXTURES, openCorpus } from './corpus';
import { Runner } from './run';

/** Of the wider corpus every so many-th scenario runs here; `npm run conformance` runs all of them. */
const SHARE = 5;

for (const [what, folder, share] of [
  ['the given corpus', FIXTURES, 1],
  ['a share of the wider one', join(FIXTURES, '../conformance-more'), SHARE],
] as const) {
  describe(`the embedded engine does what the real engine was recorded to do: ${what}`, () => {
    const corpus = openCorpus(folder);
    const runner = new Runner(corpus);
    after(() => runner.close());
    for (const name of corpus.scenarios.filter((_, index) => index % share === 0)) {
      it(name, async function () {
        this.timeout(120_000);
        const reports = await runner.run(name);
        const different = reports.filter(({ differences }) => differences.length > 0);
        expect(different, JSON.stringify(different, undefined, 2)).to.deep.equal([]);
        expect(reports).not.to.deep.equal([]);
      });
    }
  });
}
