import { expect } from 'chai';
import { settle } from './chance';

const urn = (name: string) => `urn:pulumi:dev::conf::lab:index:Thing::${name}`;

function deletion(name: string) {
  const metadata = { op: 'delete', urn: urn(name), old: { id: `${name}-1`, custom: true } };
  return [{ resourcePreEvent: { metadata } }, { resOutputsEvent: { metadata } }];
}

function call(rpc: string, name: string) {
  return { rpc, request: { urn: urn(name), id: `${name}-1` } };
}

describe('what the real engine leaves to chance', () => {
  const a = { urn: urn('a'), id: 'a-1' };
  const b = { urn: urn('b'), id: 'b-1' };
  const onA = { urn: urn('c'), id: 'c-1', dependencies: [urn('a')] };

  it('is the order of deletions of which none stands on another', () => {
    const one = settle(
      [...deletion('a'), ...deletion('b')],
      [call('Delete', 'a'), call('Delete', 'b')],
      [a, b],
    );
    const two = settle(
      [...deletion('b'), ...deletion('a')],
      [call('Delete', 'b'), call('Delete', 'a')],
      [a, b],
    );
    expect(one).to.deep.equal(two);
  });

  it('is not the order in which dependents go before what they depend on', () => {
    const right = settle([...deletion('c'), ...deletion('a')], [], [a, onA]);
    const wrong = settle([...deletion('a'), ...deletion('c')], [], [a, onA]);
    expect(right).not.to.deep.equal(wrong);
  });

  it('is whether an invoke comes before or after a check beside it, but not after a creation', () => {
    const beside = settle([], [call('Check', 'a'), call('Invoke', 'i'), call('Create', 'a')], []);
    const before = settle([], [call('Invoke', 'i'), call('Check', 'a'), call('Create', 'a')], []);
    const after = settle([], [call('Check', 'a'), call('Create', 'a'), call('Invoke', 'i')], []);
    expect(beside).to.deep.equal(before);
    expect(after).not.to.deep.equal(before);
  });
});
