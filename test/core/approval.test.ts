import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { type Approval, approvalDigest, expectedOf, movedSince, unlike } from '../../src/core/approval';
import type { Change, ChangeKind } from '../../src/core/change';

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

const change = (
  name: string,
  values: Readonly<Record<string, string>> = {},
  kind: ChangeKind = 'update',
): Change => ({
  kind,
  urn: `urn:pulumi:eu-1::shop::aws:sns/topic:Topic::${name}`,
  type: 'aws:sns/topic:Topic',
  name,
  properties: Object.entries(values).map(([path, after]) => ({ path, before: '1', after })),
  replaceKeys: kind === 'replace' ? Object.keys(values) : [],
  protect: false,
  retainOnDelete: false,
});

const compared = (reviewed: readonly Change[], done: readonly Change[]): string[] =>
  unlike(expectedOf(reviewed, sha), done, sha);

describe('an approval', () => {
  it('fits the same changes in any order, and nothing else', () => {
    const changes = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('1', '2')), {
      selector: ([name]) => name,
    });
    const made = (some: readonly (readonly [string, string])[]) =>
      some.map(([name, x]) => change(name, { x }));
    fc.assert(
      fc.property(changes, changes, (left, right) => {
        const key = (some: readonly (readonly [string, string])[]) => JSON.stringify([...some].sort());
        expect(compared(made(left), made(right)).length === 0).to.equal(key(left) === key(right));
      }),
    );
  });

  it('names what is new, and counts what is gone', () => {
    expect(compared([change('a')], [change('a'), change('b', {}, 'create')])).to.deep.equal([
      'create aws:sns/topic:Topic b',
    ]);
    expect(compared([change('a', {}, 'delete'), change('b')], [])).to.deep.equal([
      '2 of the reviewed changes no longer',
    ]);
    expect(compared([change('a', { x: '2' })], [change('a', { x: '3' })])).to.deep.equal([
      'update aws:sns/topic:Topic a',
    ]);
  });

  it('asks nobody about the provider that comes with the first reference to another stack', () => {
    const provider = { ...change('default', {}, 'create'), type: 'pulumi:providers:pulumi' };
    expect(compared([change('a')], [provider, change('a')])).to.deep.equal([]);
    expect(compared([provider, change('a')], [change('a')])).to.deep.equal([]);
  });

  const wild = [change('a', { 'spec.host': '[unknown]', size: '2' })];
  it('takes an unknown value for any, below and above its path too, also where it stays as it was', () => {
    for (const values of [
      { 'spec.host': '"x"', size: '2' },
      { 'spec.host.name': '"x"', 'spec.host["a.b"]': '"y"', size: '2' },
      { spec: '{}', size: '2' },
      { size: '2' },
    ])
      expect(compared(wild, [change('a', values)]), JSON.stringify(values)).to.deep.equal([]);
    expect(compared([change('a', { x: '[unknown]' })], [])).to.deep.equal([]);
    expect(
      compared([change('a', { x: '{"id":[unknown]}' })], [change('a', { x: '{"id":7}' })]),
    ).to.deep.equal([]);
  });

  it('takes it for nothing more: not for another path, another resource, or a replacement', () => {
    for (const done of [
      change('a', { 'spec.hostname': '"x"', size: '2' }),
      change('a', { 'spec.host': '"x"', size: '3' }),
      change('a', { 'spec.host': '"x"', size: '2' }, 'replace'),
    ])
      expect(compared(wild, [done]), JSON.stringify(done)).not.to.deep.equal([]);
    expect(compared([change('a', { x: '[unknown]' })], [change('b', { x: '"1"' })])).not.to.deep.equal([]);
    expect(compared([change('a', { x: '[unknown]' })], [change('a', { x: '"1"' }, 'replace')])).to.deep.equal(
      ['replace aws:sns/topic:Topic a'],
    );
  });

  it('lets a replacement be one whichever of its unknown values turns out to force it', () => {
    const before = [change('a', { x: '[unknown]', y: '2' }, 'replace')];
    expect(compared(before, [change('a', { y: '2' }, 'replace')])).to.deep.equal([]);
  });

  const approval = (some: Partial<Approval> = {}): Approval => ({
    digest: 'd',
    operation: 'o',
    stateVersion: '1',
    basis: { program: 'p', configuration: 'c', versions: 'v' },
    ...some,
  });

  it('overlooks paths of which no value was shown', () => {
    const computed = (...paths: string[]): Change => ({
      ...change('a'),
      properties: paths.map((path) => ({ path })),
    });
    expect(compared([computed('tagsAll')], [computed('tagsAll', 'etag')])).to.deep.equal([]);
    expect(compared([computed('tagsAll')], [change('a', { x: '2' })])).not.to.deep.equal([]);
  });

  it('holds long values against each other in full', () => {
    const long = (whole: string): Change => ({
      ...change('a'),
      properties: [{ path: 'x', before: '"a…', after: '"b…', whole }],
    });
    expect(compared([long('1')], [long('1')])).to.deep.equal([]);
    expect(compared([long('1')], [long('2')])).to.deep.equal(['update aws:sns/topic:Topic a']);
  });

  it('says which of its fields moved', () => {
    const basis = { program: 'other', configuration: 'c', versions: 'other' };
    expect(movedSince(approval(), approval({ basis, stateVersion: '2', digest: 'e' }))).to.deep.equal([
      'program',
      'versions',
      'state version',
      'changes',
    ]);
    const fitting = approval({ digest: 'e', compared: { with: 'd', unlike: [] } });
    expect(movedSince(approval(), fitting)).to.deep.equal([]);
  });

  it('has a digest of all it binds to, whatever order the stacks stand in', () => {
    const [a, b] = [approval(), approval({ digest: 'e' })];
    const digest = approvalDigest({ a, b }, sha);
    expect(approvalDigest({ b, a }, sha)).to.equal(digest);
    for (const moved of [{ digest: 'x' }, { operation: 'x' }, { stateVersion: 'x' }])
      expect(approvalDigest({ a: approval(moved), b }, sha)).not.to.equal(digest);
    expect(approvalDigest({ a }, sha)).not.to.equal(digest);
  });
});
