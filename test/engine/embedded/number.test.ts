import { expect } from 'chai';
import { readNumber, writeNumber } from '../../../src/engine/embedded/number';
import { SIGNATURE, type WireObject } from '../../../src/engine/embedded/provider';

describe('numbers that JSON does not know', () => {
  it('come back from what is written of them', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const written: WireObject = JSON.parse(JSON.stringify(writeNumber(value)));
      expect(Object.is(readNumber(written), value), String(value)).to.equal(true);
    }
  });

  it('are told apart from other objects', () => {
    expect(writeNumber(1.5)).to.equal(1.5);
    expect(readNumber({ [SIGNATURE]: 'other', value: '7ff0000000000000' })).to.equal(undefined);
    expect(readNumber({ value: 'x' })).to.equal(undefined);
  });
});
