import { expect } from 'chai';
import { roomText } from '../../src/report/room';

describe('the room for stack operations, in words', () => {
  it('is a number, and each limited account with its stacks', () => {
    expect(roomText({ parallel: 2 })).to.equal('2 at once');
    const accounts = new Map([
      ['a', { account: '111111111111', most: 4 }],
      ['b', { account: '111111111111', most: 4 }],
      ['c', { account: '', most: 1 }],
    ]);
    expect(roomText({ parallel: 16, accounts })).to.equal(
      '16 at once; at most 4 in 111111111111 (2 stacks), 1 in no named account (1 stack)',
    );
  });
});
