import { expect } from 'chai';
import fc from 'fast-check';
import { frames } from '../../src/config/frame';
import { type Loaded, loadFrom } from '../../src/config/load';
import { filesInMemory, now, sound, type Written } from './repository';

const paths = Object.keys(sound);
const texts = Object.values(sound).map(String);
/** Pieces that hurt parsers and objects, and pieces of the files themselves. */
const pieces = fc.oneof(
  fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ':',
    '- ',
    '? ',
    '&a ',
    '*a',
    '!!js ',
    '---\n',
    '\t',
    '\r',
    '<<: ',
    '|\n',
    '>-',
    '"',
    "'",
    '#',
  ),
  fc.constantFrom(
    '__proto__: 1',
    'constructor: 1',
    'toString',
    '.nan',
    '1e400',
    '0x',
    '~',
    'null',
    '\u0000',
    '\ufeff',
    '\ud800',
    '%',
  ),
  fc.constantFrom(
    'from: web.url',
    'secret: 5',
    'fromStack: x',
    'import: [a.yaml]',
    'http: 1',
    'components: []',
    'channels: {}',
  ),
  fc.string({ maxLength: 8, unit: 'binary' }),
  fc
    .nat()
    .chain((seed) => fc.constant((texts[seed % texts.length] ?? '').slice(seed % 200, (seed % 200) + 30))),
);
const cut = fc.record({
  path: fc.constantFrom(...paths),
  start: fc.nat(600),
  length: fc.nat(40),
  piece: pieces,
});

function mutate(cuts: readonly { path: string; start: number; length: number; piece: string }[]): Written {
  const files: Record<string, string> = Object.fromEntries(paths.map((path) => [path, String(sound[path])]));
  for (const { path, start, length, piece } of cuts) {
    const text = files[path] ?? '';
    const from = start % (text.length + 1);
    files[path] = text.slice(0, from) + piece + text.slice(from + length);
  }
  return files;
}

/** Problems say where they are, in order, and can be shown. */
function expectTold(loaded: Loaded): void {
  if (loaded.ok) return;
  expect(loaded.problems.length).to.be.greaterThan(0);
  for (const { file, line, column, length, message } of loaded.problems) {
    expect([file, line, column, length].every((part) => part !== undefined)).to.equal(true);
    expect(line).to.be.at.least(1);
    expect(column).to.be.at.least(1);
    expect(message).to.match(/^\S[^\n]*$/);
  }
  expect(frames(loaded.problems, loaded.sources.texts)).to.not.match(/(?!\n)\p{Cc}/u);
}

describe('hostile configuration', () => {
  it('never throws for whatever a sound repository is mutated into: it loads, or it has problems', () => {
    fc.assert(
      fc.property(fc.array(cut, { minLength: 1, maxLength: 4 }), (cuts) => {
        expectTold(loadFrom(filesInMemory(mutate(cuts)), now));
      }),
      { numRuns: 400 },
    );
  });

  it('never throws for any text in any file', () => {
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.array(pieces, { maxLength: 12 }), (path, parts) => {
        expectTold(loadFrom(filesInMemory({ ...sound, [path]: parts.join('') }), now));
      }),
      { numRuns: 400 },
    );
  });

  it('never throws for any bytes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.uint8Array({ maxLength: 60 }), (path, bytes) => {
        expectTold(loadFrom(filesInMemory({ ...sound, [path]: bytes }), now));
      }),
      { numRuns: 100 },
    );
  });

  it('never throws for any schema that lies beside a component', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.json({ maxDepth: 3 }), (inputs, rest) => {
        const properties = `{"replicas": ${inputs}, "host": ${rest}, "vpc": {"$ref": "#"}}`;
        const schema = `{"inputs": {"type": "object", "properties": ${properties}, "allOf": [${inputs}]}}`;
        expectTold(loadFrom(filesInMemory({ ...sound, 'tracks/beta/web/schema.json': schema }), now));
      }),
      { numRuns: 200 },
    );
  });

  it('answers a bomb of aliases, of brackets, of dashes and of indentation with problems', () => {
    const bombs = [
      `a: &a [x]\n${'bcdefghij'.replace(/./g, (key, at: number) => `${key}: &${key} [*${'abcdefghi'[at]}, *${'abcdefghi'[at]}]\n`)}`,
      `a: ${'[{a: '.repeat(50_000)}`,
      `a:\n ${'- '.repeat(50_000)}`,
      Array.from({ length: 900 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join(''),
      `a: ${'? '.repeat(20_000)}`,
    ];
    for (const bomb of bombs) {
      const loaded = loadFrom(filesInMemory({ ...sound, 'signalbox.yaml': bomb }), now);
      expect(loaded.ok, bomb.slice(0, 40)).to.equal(false);
      expectTold(loaded);
    }
  });

  it('looks names up among what is written, never among what objects inherit', () => {
    const text = String(sound['stacks/production/shop-eu1.yaml']);
    const changed = text
      .replace('track: beta', 'track: constructor')
      .replace('channel: production', 'channel: valueOf');
    const loaded = loadFrom(filesInMemory({ ...sound, 'stacks/production/shop-eu1.yaml': changed }), now);
    expect(loaded.ok ? [] : loaded.problems.map(({ line }) => line)).to.deep.equal([2, 2, 3, 3]);
  });
});
