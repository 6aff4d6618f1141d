import { expect } from 'chai';
import { didYouMean } from '../../src/config/suggest';
import { distance, nearest } from '../../src/core/nearest';

describe('did you mean', () => {
  it('counts inserted, dropped, changed and swapped letters', () => {
    const pairs = [
      ['vpc', 'vpc', 0],
      ['vpcc', 'vpc', 1],
      ['vp', 'vpc', 1],
      ['vbc', 'vpc', 1],
      ['vcp', 'vpc', 1],
      ['kitten', 'sitting', 3],
      ['', 'abc', 3],
    ] as const;
    for (const [left, right, expected] of pairs)
      expect(distance(left, right), `${left} ${right}`).to.equal(expected);
  });

  it('takes the nearest, and nothing that is too far', () => {
    expect(nearest('prodution', ['staging', 'production', 'products'])).to.equal('production');
    expect(nearest('xy', ['production', 'ab'])).to.equal(undefined);
    expect(nearest('x'.repeat(100), ['x'.repeat(99)])).to.equal(undefined);
  });

  it('lists what there is when nothing is near, and says when there is nothing', () => {
    expect(didYouMean('zzz', ['alpha', 'beta'], 'tracks')).to.equal('tracks: alpha, beta');
    expect(didYouMean('zzz', [], 'tracks')).to.equal('there are no tracks');
    expect(didYouMean('zzz', ['alpha'])).to.equal(undefined);
  });
});
