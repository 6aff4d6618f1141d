import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalJson } from '../../src/ledger/canonical';

describe('canonical JSON', () => {
  it('sorts keys at every depth and writes no white space', () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }], a: 'x y', Z: true })).to.equal(
      '{"Z":true,"a":"x y","b":[{"c":null,"d":1}]}',
    );
  });

  it('is the same text for the same content in any order, and reads back as that content', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (content) => {
        const turned = Object.fromEntries(Object.entries(content).reverse());
        expect(canonicalJson(turned)).to.equal(canonicalJson(content));
        expect(canonicalJson(JSON.parse(canonicalJson(content)))).to.equal(canonicalJson(content));
      }),
    );
  });

  it('refuses what JSON would drop or bend, and names the place', () => {
    const sparse = new Array(2);
    for (const bad of [
      undefined,
      Number.NaN,
      -Infinity,
      () => 1,
      Symbol('s'),
      1n,
      new Date(0),
      new Set(),
      sparse,
    ]) {
      expect(() => canonicalJson({ list: [0, bad] })).to.throw(TypeError, 'value.list[1]');
    }
  });
});
