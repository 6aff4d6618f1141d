import { expect } from 'chai';
import { FIXTURES, openCorpus } from './corpus';
import { runForked } from './run';

describe('the embedded engine does what the real engine was recorded to do', () => {
  const corpus = openCorpus(FIXTURES);
  for (const name of corpus.scenarios) {
    it(name, async function () {
      this.timeout(120_000);
      const reports = await runForked(corpus, name);
      const different = reports.filter(({ differences }) => differences.length > 0);
      expect(different, JSON.stringify(different, undefined, 2)).to.deep.equal([]);
      expect(reports).not.to.deep.equal([]);
    });
  }
});
