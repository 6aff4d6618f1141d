import { expect } from 'chai';
import fc from 'fast-check';
import type { Change, ChangeKind } from '../../src/core/change';
import { canonical, changesDigest, classOf, releaseDigest } from '../../src/core/digest';
import { foreignIn } from '../../src/core/foreign';
import { destroyedBy, irreversibleOnTheWayBack } from '../../src/core/risk';

const hash = (text: string): string => text;

function change(stack: string, kind: ChangeKind, type: string, more: Partial<Change> = {}): Change {
  const urn = `urn:pulumi:${stack}::shop::shop:web:Web$${type}::${stack}-web`;
  return {
    kind,
    urn,
    type,
    name: `${stack}-web`,
    properties: [{ path: 'image', before: '"1"', after: '"2"' }],
    replaceKeys: [],
    protect: false,
    retainOnDelete: false,
    ...more,
  };
}

const service = 'kubernetes:core/v1:Service';
const database = 'aws:rds/instance:Instance';

describe('a release', () => {
  it('is the same for the same trees, whatever commit they came from', () => {
    const one = { web: { commit: 'a', digest: 'sha256:1' }, net: { commit: 'a', digest: 'sha256:2' } };
    const other = { net: { commit: 'b', digest: 'sha256:2' }, web: { commit: 'b', digest: 'sha256:1' } };
    expect(releaseDigest(one, 'sdk', hash)).to.equal(releaseDigest(other, 'sdk', hash));
    expect(releaseDigest(one, 'sdk', hash)).not.to.equal(releaseDigest(one, 'newer', hash));
  });

  it('has one canonical text, however its parts are ordered', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonical(reversed)).to.equal(canonical(value));
        expect(JSON.parse(canonical(value))).to.deep.equal(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('a diff class', () => {
  const short = (text: string): string =>
    String([...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7));

  it('is shared by stacks that change alike but for their name', () => {
    const classes = ['eu-1', 'us-1'].map((stack) =>
      classOf([change(stack, 'update', service)], stack, short),
    );
    expect(classes[0]).to.equal(classes[1]);
  });

  it('differs where a visible value differs, not where a blinded one may', () => {
    const of = (after: string) =>
      classOf([change('a', 'update', service, { properties: [{ path: 'p', after }] })], 'a', short);
    expect(of('"1"')).not.to.equal(of('"2"'));
    expect(of('[secret]')).to.equal(of('{"x":"[secret]"}'));
  });

  it('does not depend on the order of the changes', () => {
    const changes = [change('a', 'update', service), change('a', 'create', database)];
    expect(classOf(changes, 'a', short)).to.equal(classOf([...changes].reverse(), 'a', short));
    expect(changesDigest(changes, hash)).to.equal(changesDigest([...changes].reverse(), hash));
  });
});

describe('the way back', () => {
  for (const [kind, type, expected] of [
    ['create', database, 'would be deleted'],
    ['replace', database, 'was replaced, cannot be restored'],
    ['delete', database, 'was deleted, cannot be restored'],
    ['update', database, undefined],
    ['create', service, undefined],
    ['replace', service, undefined],
    ['create', 'vendor:unheard/of:Thing', 'would be deleted'],
    ['create', 'azure-native:storage:StorageAccount', 'would be deleted'],
    ['delete', 'pulumi-nodejs:dynamic:Resource', 'was deleted, cannot be restored'],
    ['replace', 'pulumi:providers:aws', undefined],
  ] as const) {
    it(`of a ${kind} of ${type} is ${expected ?? 'harmless'}`, () => {
      expect(irreversibleOnTheWayBack([change('a', kind, type)]).map(({ why }) => why)[0]).to.equal(expected);
    });
  }

  it('counts what its own preview deletes or replaces, unless it is retained', () => {
    expect(
      destroyedBy([change('a', 'delete', database), change('a', 'create', database)]).map(({ why }) => why),
    ).to.deep.equal(['would be deleted']);
    expect(destroyedBy([change('a', 'delete', database, { retainOnDelete: true })])).to.deep.equal([]);
    expect(destroyedBy([change('a', 'replace', database)]).map(({ why }) => why)).to.deep.equal([
      'would be replaced',
    ]);
  });

  it('does not count component resources, which hold nothing', () => {
    const component = change('a', 'delete', 'shop:web:Web', { properties: [], isComponent: true });
    expect(destroyedBy([component])).to.deep.equal([]);
  });

  it('counts what is only named like a component', () => {
    const bucket = change('a', 'delete', 'aws-native:s3:Bucket', { properties: [] });
    expect(destroyedBy([bucket]).map(({ why }) => why)).to.deep.equal(['would be deleted']);
  });
});

describe('a foreign change', () => {
  const content = (component: string, track: string) => ({ component, track, commit: 'c', digest: 'd' });
  const contents = { web: content('web', 'beta'), data: content('database', 'prod') };
  const inData: Change = {
    ...change('a', 'update', database),
    urn: `urn:pulumi:a::shop::shop:database:Database$${database}::data-main`,
    name: 'data-main',
  };

  it('is one of a running component that does not follow the track', () => {
    expect(foreignIn([inData, change('a', 'update', service)], contents, ['web'], contents)).to.deep.equal([
      'data',
    ]);
  });

  it('is none where the component does not run yet', () => {
    expect(foreignIn([inData], contents, ['web'], { web: contents.web })).to.deep.equal([]);
  });
});
