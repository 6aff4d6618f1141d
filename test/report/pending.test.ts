import { expect } from 'chai';
import { pendingTexts } from '../../src/report/pending';

describe('what earlier runs left open', () => {
  const stacks = [
    { stack: 'near', ok: true, pending: ['creating urn:a', 'updating urn:b'] },
    { stack: 'far', ok: true },
    { stack: 'off', ok: false },
  ];

  it('is said of each stack, with what an update does about it on which cloud', () => {
    expect(pendingTexts(stacks, 'sandbox')).to.deep.equal([
      'near: an earlier run left open creating urn:a, updating urn:b; an update finds out what became of it',
    ]);
    expect(pendingTexts(stacks, 'real')).to.deep.equal([
      'near: an earlier run left open creating urn:a, updating urn:b; an update is refused until somebody has looked, and settled it with pulumi refresh',
    ]);
  });
});
