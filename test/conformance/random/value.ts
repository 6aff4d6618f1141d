import type { Dice } from './dice';
import { type Entry, handleOf, isThing, type Json } from './program';

const TEXTS = [
  '',
  'x',
  'y',
  'b c',
  'ü',
  '日本',
  '\u{1f600}',
  'line\nbreak',
  '"quoted"',
  '<&>',
  '0',
  'true',
  'null',
  'urn:pulumi:dev::conf::lab:index:Thing::a',
  'a\\b',
  '\u2028',
  'x'.repeat(300),
] as const;
const NUMBERS = [
  0,
  1,
  2,
  -1,
  1.5,
  2.75,
  0.1,
  1e21,
  1e-7,
  123456789012,
  2 ** 53,
  2 ** 53 + 2,
  1e20,
  -1e300,
  5e-324,
] as const;
const KEYS = ['k', 'l', 'm.n', 'ü', 'o p', 'size'] as const;
const SPECIALS = [
  'undefined',
  'date',
  'map',
  'set',
  'buffer',
  'holes',
  'negativeZero',
  'nan',
  'infinity',
  'class',
  'function',
] as const;
const FILES = ['hello.txt', 'folder/one.txt', 'folder/empty.txt'] as const;

/** A value that a program may give a property; `before` is what it has made so far. */
export function randomValue(dice: Dice, before: readonly Entry[], depth = 0): Json {
  const inner = () => randomValue(dice, before, depth + 1);
  const leaf = () =>
    dice.weighted<() => Json>([
      [5, () => dice.one(TEXTS)],
      [4, () => dice.one(NUMBERS)],
      [2, () => dice.once(2)],
      [1, () => null],
    ])();
  if (depth > 2) return leaf();
  return dice.weighted<() => Json>([
    [14, leaf],
    [8, () => referenceOf(dice, before) ?? leaf()],
    [3, () => dice.list(0, 3, inner)],
    [4, () => objectOf(dice, inner)],
    [5, () => ({ $secret: inner() })],
    [2, () => ({ $upper: referenceOf(dice, before) ?? 'up' })],
    [1, () => ({ $all: dice.list(0, 2, inner) })],
    [1, () => ({ $concat: dice.list(0, 3, inner) })],
    [1, () => ({ $json: inner() })],
    [1, () => ({ $unsecret: inner() })],
    // The SDK waits for ever for a resource that has an empty text.
    [1, () => ({ $asset: dice.one(TEXTS) || 'x' })],
    [1, () => assetOf(dice)],
    [1, () => ({ $config: dice.one(['region', 'token', 'object']) })],
    [1, () => ({ $secretConfig: dice.one(['region', 'token']) })],
    [1, () => ({ $get: dice.one(['region', 'absent', 'token']) })],
    [1, () => ({ $later: leaf() })],
    [1, () => (dice.once(4) ? { $special: dice.one(SPECIALS) } : leaf())],
  ])();
}

/** An output of what was made before, or the whole of it; undefined where nothing was. */
export function referenceOf(dice: Dice, before: readonly Entry[]): Json | undefined {
  const entry = dice.one(before.filter(({ kind }) => kind !== 'registerOutputs'));
  if (entry === undefined) return undefined;
  const handle = handleOf(entry);
  const of = (...names: string[]) => ({ $ref: [handle, ...names].join('.') });
  if (entry.kind === 'component') return dice.once(4) ? of() : of('urn');
  if (entry.kind === 'provider') return dice.once(4) ? of() : of(dice.one(['urn', 'id']));
  if (entry.kind === 'invoke' || entry.kind === 'invokeOutput')
    return of(dice.one(['upper', 'echo', 'absent']));
  if (entry.kind === 'stackReference') return of('outputs', dice.one(['plain', 'hidden', 'absent']));
  if (!isThing(entry)) return undefined;
  return dice.once(12)
    ? of()
    : of(
        dice.one(
          ['arn', 'id', 'urn', 'cost', 'size', ...Object.keys(entry.props ?? {})].filter(
            (key) => !key.includes('.'),
          ),
        ) ?? 'arn',
      );
}

function objectOf(dice: Dice, inner: () => Json): Json {
  return Object.fromEntries(dice.list(0, 3, () => [dice.one(KEYS), inner()]));
}

function assetOf(dice: Dice): Json {
  return dice.weighted<() => Json>([
    [3, () => ({ $file: dice.one(FILES) })],
    [1, () => ({ $folder: dice.one(['folder', 'folder/inner', 'nowhere']) })],
    [
      2,
      () => ({
        $archive: Object.fromEntries(
          dice.list(0, 2, (index) => [
            `f${index}`,
            dice.once(3) ? { $folder: 'folder/inner' } : { $asset: dice.one(TEXTS) },
          ]),
        ),
      }),
    ],
  ])();
}
