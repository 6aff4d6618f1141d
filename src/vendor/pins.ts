import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, type Pair, parseDocument, type YAMLMap } from 'yaml';
import type { Pin } from '../core/project';
import { bad, good } from './checked';
import type { Checked } from './port';
import { isRecord, type Pins } from './trackfile';

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * The text of a track's file with exactly these pins: values are replaced where they stand, new components added at the
 * end of `components`, others removed with their line. Everything else, comments and spacing too, stays as it is; what
 * comes out is parsed and compared, and a file too unusual to be edited so is a problem.
 */
export function rewritePins(text: string, pins: Pins, file: string): Checked<string> {
  const refuse = (why: string) =>
    bad({
      file,
      message: `pins cannot be rewritten: ${why}`,
      rule: 'vendor-pins',
      remedy: 'write `components` as a plain map of component: { commit: "…", digest: "…" }',
    });
  const document = parseDocument(text);
  const before: unknown = document.errors.length === 0 ? document.toJS() : undefined;
  if (!isRecord(before)) return refuse('the file is not a YAML map');
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const node = document.get('components', true);
  const added = (known: ReadonlySet<string>) => Object.entries(pins).filter(([name]) => !known.has(name));
  let result: string;
  if (isMap(node) && node.items.length > 0) {
    const edits = editsOf(text, node, pins, newline, added(new Set(node.items.map(keyOf))));
    if (edits === undefined) return refuse('it uses aliases or other forms');
    result = apply(text, edits);
  } else {
    const block = added(new Set())
      .map(([name, pin]) => `${newline}  ${name}: ${pinText(pin)}`)
      .join('');
    const pair = isMap(document.contents)
      ? document.contents.items.find((item) => keyOf(item) === 'components')
      : undefined;
    if (pair && isScalar(pair.key) && pair.key.range) {
      const colon = text.indexOf(':', pair.key.range[1]) + 1;
      const to = isMap(node) && node.range ? node.range[1] : colon;
      result = apply(text, block === '' ? [] : [{ from: colon, to, text: block }]);
    } else {
      const gap = text === '' || text.endsWith('\n') ? '' : newline;
      result = block === '' ? text : `${text}${gap}components:${block}${newline}`;
    }
  }
  const after = parseDocument(result);
  const value: unknown = after.errors.length === 0 ? after.toJS() : undefined;
  const wanted = { ...before, components: pins };
  const found = isRecord(value) ? { ...value, components: value['components'] ?? {} } : value;
  return isDeepStrictEqual(found, plain(wanted))
    ? good(result)
    : refuse('the result would not be what was asked for');
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const pinText = (pin: Pin): string => `{ commit: "${pin.commit}", digest: "${pin.digest}" }`;
const keyOf = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : '');

function editsOf(
  text: string,
  map: YAMLMap,
  pins: Pins,
  newline: string,
  added: readonly (readonly [string, Pin])[],
): Edit[] | undefined {
  if (map.flow && map.range && map.items.some((pair) => !(keyOf(pair) in pins))) {
    const all = Object.entries(pins).map(([name, pin]) => `${name}: ${pinText(pin)}`);
    return [
      { from: map.range[0], to: map.range[1], text: all.length === 0 ? '{}' : `{ ${all.join(', ')} }` },
    ];
  }
  const edits: Edit[] = [];
  const kept: Pair[] = [];
  for (const pair of map.items) {
    const pin = pins[keyOf(pair)];
    if (!isMap(pair.value)) return undefined;
    if (pin === undefined) {
      const edit = removal(text, pair);
      if (edit === undefined) return undefined;
      edits.push(edit);
      continue;
    }
    kept.push(pair);
    for (const field of ['commit', 'digest'] as const) {
      const scalar = pair.value.get(field, true);
      if (!isScalar(scalar) || !scalar.range) return undefined;
      if (scalar.value !== pin[field])
        edits.push({ from: scalar.range[0], to: scalar.range[1], text: `"${pin[field]}"` });
    }
  }
  const last = map.items.at(-1);
  const lastValue = last && isMap(last.value) ? last.value : undefined;
  if (!map.range || !last || !isScalar(last.key) || !last.key.range || !lastValue?.range) return undefined;
  if (kept.length === 0) {
    // Nothing stays: the whole map goes, so that no half of it is left behind.
    const lines = added.map(([name, pin]) => `${newline}  ${name}: ${pinText(pin)}`).join('');
    const colon = text.lastIndexOf(':', map.range[0]) + 1;
    return [{ from: colon, to: map.range[1], text: `${lines === '' ? ' {}' : lines}${newline}` }];
  }
  if (added.length === 0) return edits;
  if (map.flow) {
    const inner = added.map(([name, pin]) => `, ${name}: ${pinText(pin)}`).join('');
    return [...edits, { from: lastValue.range[1], to: lastValue.range[1], text: inner }];
  }
  const lineStart = text.lastIndexOf('\n', last.key.range[0] - 1) + 1;
  const indent = text.slice(lineStart, last.key.range[0]);
  const lines = added.map(([name, pin]) => `${indent}${name}: ${pinText(pin)}${newline}`).join('');
  const end = lineEnd(text, contentEnd(text, lastValue));
  const gap = text[end - 1] === '\n' ? '' : newline;
  return [...edits, { from: end, to: end, text: `${gap}${lines}` }];
}

function removal(text: string, pair: Pair): Edit | undefined {
  if (!isScalar(pair.key) || !pair.key.range || !isMap(pair.value) || !pair.value.range) return undefined;
  const start = pair.key.range[0];
  const from = text.lastIndexOf('\n', start - 1) + 1;
  return { from, to: lineEnd(text, contentEnd(text, pair.value)), text: '' };
}

/** Where a map's last character stands: the range of a block map runs on over the blank lines behind it. */
function contentEnd(text: string, map: YAMLMap): number {
  const end = map.range?.[1] ?? 0;
  const start = map.range?.[0] ?? 0;
  return map.flow ? end : start + text.slice(start, end).trimEnd().length;
}

/** The position behind the line break of the line this position is in. */
function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

function apply(text: string, edits: readonly Edit[]): string {
  const ordered = [...edits].sort((a, b) => b.from - a.from || b.to - a.to);
  return ordered.reduce(
    (result, edit) => result.slice(0, edit.from) + edit.text + result.slice(edit.to),
    text,
  );
}
