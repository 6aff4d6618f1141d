import type { EngineEvent } from '@pulumi/pulumi/automation';
import { expect } from 'chai';
import { Changes } from '../../../src/engine/automation/changes';
import type { Progress } from '../../../src/engine/port';
import { isDescribed } from '../../../src/engine/sandbox/described';

const SIGNATURE = '4dabf18193072939515e22adb298388d';
const SECRET = { [SIGNATURE]: '1b47061264138c4ac30d75fd1eb44270', ciphertext: 'v1:abc' };
const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
const URN = (name: string, type = 'aws:sns/topic:Topic'): string => `urn:pulumi:dev::shop::${type}::${name}`;

interface Step {
  readonly op: string;
  readonly name?: string;
  readonly type?: string;
  readonly before?: object;
  readonly after?: object;
  readonly more?: object;
}

const metadata = ({ op, name = 'a', type = 'aws:sns/topic:Topic', before, after, more }: Step): object => ({
  op,
  urn: URN(name, type),
  type,
  ...(before ? { old: { inputs: before, outputs: before } } : {}),
  ...(after ? { new: { inputs: after, outputs: after } } : {}),
  ...more,
});

const event = (content: object): EngineEvent => ({ sequence: 0, timestamp: 0, ...content }) as EngineEvent;
const pre = (step: Step): EngineEvent => event({ resourcePreEvent: { metadata: metadata(step) } });
const done = (step: Step): EngineEvent => event({ resOutputsEvent: { metadata: metadata(step) } });
const diagnostic = (severity: string, message: string, urn?: string): EngineEvent =>
  event({ diagnosticEvent: { severity, message, color: 'never', ...(urn ? { urn } : {}) } });

function fold(...events: EngineEvent[]): Changes & { readonly progress: Progress[] } {
  const progress: Progress[] = [];
  const changes = new Changes((each) => progress.push(each));
  for (const each of events) changes.take(each);
  return Object.assign(changes, { progress });
}

describe('the fold of an engine’s events', () => {
  it('says of an update whether anybody knows that a real cloud would make it in place', () => {
    const both = { before: { size: '1' }, after: { size: '2' } };
    const changes = new Changes(() => {}, isDescribed);
    for (const [name, op, type] of [
      ['known', 'update', 'aws:sns/topic:Topic'],
      ['unknown', 'update', 'aws:gamelift/fleet:Fleet'],
      ['custom', 'update', 'kubernetes:example.com/v1:Deployment'],
      ['new', 'create', 'aws:gamelift/fleet:Fleet'],
    ] as const) {
      changes.take(pre({ op, name, type, ...both }));
    }
    expect(changes.changes.map(({ name, inPlace }) => [name, inPlace])).to.deep.equal([
      ['known', undefined],
      ['unknown', 'unverified'],
      ['custom', 'unverified'],
      ['new', undefined],
    ]);
    const real = fold(pre({ op: 'update', type: 'aws:gamelift/fleet:Fleet', ...both }));
    expect(real.changes[0], 'a real cloud knows').to.not.have.property('inPlace');
  });

  it('makes one replace out of its three steps, with the properties that force it', () => {
    const both = { before: { cidr: '1' }, after: { cidr: '2' } };
    const more = { diffs: ['cidr'], keys: ['cidr'] };
    const { changes } = fold(
      pre({ op: 'create-replacement', ...both, more }),
      pre({ op: 'replace', ...both, more }),
      pre({ op: 'delete-replaced', before: both.before }),
    );
    expect(changes).to.deep.equal([
      {
        kind: 'replace',
        urn: URN('a'),
        type: 'aws:sns/topic:Topic',
        name: 'a',
        properties: [{ path: 'cidr', before: '"1"', after: '"2"' }],
        replaceKeys: ['cidr'],
        protect: false,
        retainOnDelete: false,
      },
    ]);
  });

  it('says of component resources that they are some, and of nothing that a provider manages', () => {
    const state = { inputs: {}, outputs: {}, id: '', provider: '' };
    const of = (name: string, more: object) => pre({ op: 'delete', name, type: 'shop:web:Web', more });
    const { changes } = fold(
      of('component', { old: state, new: null }),
      of('dynamic', { old: { ...state, custom: true }, new: null }),
      of('made', { old: { ...state, id: 'i-1' }, new: null }),
      of('unknown', { old: null, new: null }),
    );
    expect(changes.map(({ name, isComponent }) => [name, isComponent])).to.deep.equal([
      ['component', true],
      ['dynamic', undefined],
      ['made', undefined],
      ['unknown', undefined],
    ]);
  });

  it('keeps a replace that deletes first a replace', () => {
    const { changes } = fold(
      pre({ op: 'delete-replaced', before: { cidr: '1' } }),
      pre({ op: 'replace', before: { cidr: '1' }, after: { cidr: '2' } }),
      pre({ op: 'create-replacement', before: { cidr: '1' }, after: { cidr: '2' } }),
    );
    expect(changes.map(({ kind }) => kind)).to.deep.equal(['replace']);
  });

  it('takes a delete of the old after an update under the same URN for no other change', () => {
    const { changes } = fold(
      pre({ op: 'update', before: { size: 1 }, after: { size: 2 }, more: { diffs: ['size'] } }),
      pre({ op: 'delete', before: { size: 1 } }),
    );
    expect(changes.map(({ kind }) => kind)).to.deep.equal(['update']);
  });

  it('tells progress of what stays the same, but no change of it; nor of the stack itself', () => {
    const { changes, progress } = fold(
      pre({ op: 'same' }),
      done({ op: 'same' }),
      pre({ op: 'create', name: 'shop-dev', type: 'pulumi:pulumi:Stack', after: {} }),
    );
    expect(changes).to.deep.equal([]);
    expect(progress.map(({ step, done: isDone }) => `${step} ${isDone}`)).to.deep.equal([
      'same false',
      'same true',
      'create false',
    ]);
  });

  it('never shows a secret, however deep, and marks what is not known yet', () => {
    const { changes } = fold(
      pre({
        op: 'update',
        before: { password: SECRET, tags: { key: 'x' }, list: [{ token: 'old' }] },
        after: { password: SECRET, tags: { key: UNKNOWN }, list: [{ token: SECRET }] },
        more: { detailedDiff: { password: {}, 'tags.key': {}, 'list[0].token': {} } },
      }),
    );
    expect(changes[0]?.properties).to.deep.equal([
      { path: 'list[0].token', before: '"old"', after: '[secret]' },
      { path: 'password', before: '[secret]', after: '[secret]' },
      { path: 'tags.key', before: '"x"', after: '[unknown]' },
    ]);
  });

  it('reads keys in quotes, and cuts long values', () => {
    const [before, after] = [{ tags: { 'a.b': 'x' } }, { tags: { 'a.b': 'y'.repeat(400) } }];
    const more = { detailedDiff: { 'tags["a.b"]': {} } };
    const [property] = fold(pre({ op: 'update', before, after, more })).changes[0]?.properties ?? [];
    expect(property?.before).to.equal('"x"');
    expect(property?.after)
      .to.have.length(160)
      .and.match(/^"y+…$/);
  });

  it('lets no difference go unnoticed where values are cut, nor that something in them is unknown', () => {
    const cut = (after: object) => {
      const more = { detailedDiff: { tags: {} } };
      const step = pre({ op: 'update', before: { tags: {} }, after: { tags: after }, more });
      return fold(step).changes[0]?.properties[0];
    };
    const long = 'y'.repeat(400);
    const [one, other] = [cut({ a: long, z: 1 }), cut({ a: long, z: 2 })];
    expect(one?.after).to.equal(other?.after);
    expect(one?.whole)
      .to.match(/^[0-9a-f]{12}$/)
      .and.not.to.equal(other?.whole);
    expect(cut({ a: long, z: UNKNOWN })?.after).to.match(/…\[unknown\]$/);
    expect(cut({ a: 'short' })).not.to.have.property('whole');
  });

  it('knows nothing where the engine said no summary, and adds kinds up where it did', () => {
    expect(fold(pre({ op: 'same' })).counts).to.equal(undefined);
    const resourceChanges = {
      create: 2,
      import: 1,
      same: 4,
      read: 1,
      replace: 1,
      'delete-replaced': 1,
      delete: 3,
    };
    expect(fold(event({ summaryEvent: { resourceChanges } })).counts).to.deep.equal({
      create: 3,
      update: 0,
      replace: 2,
      delete: 3,
      same: 5,
    });
  });

  it('keeps each diagnostic once, and no debug message at all', () => {
    const { diagnostics } = fold(
      diagnostic('error', ' broken\n', URN('a')),
      diagnostic('error', 'broken', URN('a')),
      diagnostic('debug', 'the password is hunter2'),
      diagnostic('info#err', 'a word'),
      diagnostic('warning', ''),
    );
    expect(diagnostics).to.deep.equal([
      { severity: 'error', message: 'broken', urn: URN('a') },
      { severity: 'info', message: 'a word' },
    ]);
  });

  it('gives the stack’s outputs as last said, secrets blinded', () => {
    const type = 'pulumi:pulumi:Stack';
    const { outputs } = fold(
      done({ op: 'same', type, after: { url: 'http://x', password: SECRET, list: [1, SECRET] } }),
    );
    expect(outputs).to.deep.equal({ url: 'http://x', password: '[secret]', list: [1, '[secret]'] });
  });

  it('says what is protected or kept on delete', () => {
    const more = { old: { inputs: {}, protect: true, retainOnDelete: true } };
    const [change] = fold(pre({ op: 'delete', more })).changes;
    expect(change).to.include({ kind: 'delete', protect: true, retainOnDelete: true });
  });
});
