import { expect } from 'chai';
import { duration } from '../../src/core/time';
import { columns, cut, width } from '../../src/report/columns';
import { harmless, harmlessly, shortened } from '../../src/report/harmless';
import { paint, plain } from '../../src/report/paint';
import { instantText, minuteText, spanText } from '../../src/report/time';
import { HOSTILE, start } from './sample';

describe('spans and instants', () => {
  const SPANS: readonly (readonly [number, string])[] = [
    [0, '0s'],
    [400, '0s'],
    [-5000, '0s'],
    [600, '1s'],
    [41_000, '41s'],
    [60_000, '1m'],
    [90_000, '1m 30s'],
    [7_200_000, '2h'],
    [7_503_000, '2h 5m'],
    [86_400_000, '1d'],
    [2 * 86_400_000 + 3_600_000 + 59_000, '2d 1h'],
    [3_600_000 + 59_000, '1h 59s'],
  ];
  for (const [span, text] of SPANS)
    it(`say ${text} for ${span} ms`, () => {
      expect(spanText(duration(span))).to.equal(text);
    });

  it('are UTC', () => {
    expect(instantText(start)).to.equal('2026-11-21 08:00:00Z');
    expect(minuteText(start)).to.equal('2026-11-21 08:00Z');
  });
});

describe('columns', () => {
  it('are as wide as their widest cell, numbers to the right, nothing behind the last', () => {
    const rows = [
      ['stack', 'n', 'note'],
      ['a', '10', ''],
    ];
    expect(columns(rows, new Set([1]))).to.deep.equal(['stack   n  note', 'a      10']);
  });

  it('leave out a column that is empty in every row', () => {
    expect(
      columns([
        ['a', '', 'b'],
        ['c', '', 'd'],
      ]),
    ).to.deep.equal(['a  b', 'c  d']);
  });

  it('that have no room stand below the others, aligned, and no value is cut', () => {
    const rows = [
      ['stack', 'channel', 'n', 'note'],
      ['a', 'production', '10', 'pinned'],
      ['b', 'test', '7', ''],
    ];
    const at = (size: number) => columns(rows, new Set([2]), size);
    expect(at(29)).to.deep.equal(columns(rows, new Set([2])));
    expect(at(28)).to.deep.equal([
      'stack  channel      n',
      '    note',
      'a      production  10',
      '    pinned',
      'b      test         7',
    ]);
    expect(at(18)).to.deep.equal([
      'stack  channel',
      '     n  note',
      'a      production',
      '    10  pinned',
      'b      test',
      '     7',
    ]);
    expect(Math.max(...at(10).map(width)), 'one value alone may be wider').to.equal(14);
  });

  it('end with their text, also where nothing is coloured', () => {
    expect(
      columns([
        [paint(true).quiet('a'), paint(true).quiet('')],
        ['b', 'c'],
      ])[0],
    ).to.equal(paint(true).quiet('a'));
  });

  it('count what a terminal shows: colours not, wide signs twice, marks on letters not', () => {
    expect([width(paint(true).good('abc')), width('日本'), width('e\u0301'), width('✔ a')]).to.deep.equal([
      3, 4, 1, 3,
    ]);
  });
});

describe('cutting', () => {
  it('ends in an ellipsis within the width', () => {
    expect([
      cut('abcdef', 6),
      cut('abcdef', 4),
      cut('日本語', 4),
      cut('abc', 1),
      cut('abc', 0),
    ]).to.deep.equal(['abcdef', 'abc…', '日…', '…', '']);
    expect([shortened('abcdef', 4), shortened('abcd', 4)]).to.deep.equal(['abc…', 'abcd']);
  });
});

describe('quoted texts', () => {
  it('become one line in which controls are pictures and invisible signs show', () => {
    expect(harmless(HOSTILE)).to.equal('a␛[31m␛[2J␛]0;x␇⏎| b `c` ```d��5m@team http://x www.x.y');
    expect(harmless('a\r\nb\tc\u007f\u200b\ud800')).to.equal('a⏎b c␡��');
  });

  it('are cleaned wherever they stand in a value, and nothing else changes', () => {
    const value = { a: ['x\n', 1, true, null, undefined], b: { c: '\u001b' } };
    expect(harmlessly(value)).to.deep.equal({ a: ['x⏎', 1, true, null, undefined], b: { c: '␛' } });
  });
});

describe('colours', () => {
  it('are not there where they are not wanted', () => {
    expect(plain.bad('x') + plain.good('x') + plain.strong('x')).to.equal('xxx');
    expect(paint(true).bad('x')).not.to.equal('x');
  });
});
