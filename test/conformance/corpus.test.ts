import { expect } from 'chai';
import { FIXTURES, openCorpus } from './corpus';
import { Runner } from './run';

describe('the embedded engine does what the real engine was recorded to do', () => {
  const corpus = openCorpus(FIXTURES);
  const runner = new Runner(corpus);
  after(() => runner.close());
  for (const name of corpus.scenarios) {
    it(name, async function () {
      this.timeout(120_000);
      const reports = await runner.run(name);
      const different = reports.filter(({ differences }) => differences.length > 0);
      expect(different, JSON.stringify(different, undefined, 2)).to.deep.equal([]);
      expect(reports).not.to.deep.equal([]);
    });
  }
});
