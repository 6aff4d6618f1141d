import { expect } from 'chai';
import { jsonLine, visible } from '../../src/cli/output';
import { reflowed } from '../../src/cli/screen';
import { paint } from '../../src/report/paint';
import { HOSTILE } from '../report/sample';

const CONTROL = /[^\P{Cc}\n]/u;

describe('what is printed', () => {
  it('keeps our colours on a terminal, and nothing else that a terminal obeys', () => {
    const painted = paint(true).bad('no');
    expect(visible(`${painted}\n${paint(true).good('yes')}`, true)).to.equal(
      `${painted}\n${paint(true).good('yes')}`,
    );
    const cleared = visible(`${painted} \u001b[2J\u001b]0;title\u0007\u009b1A\r`, true);
    expect(cleared.replace(painted, '')).not.to.match(CONTROL);
    expect(cleared).to.contain('␛[2J');
  });

  it('has no control sequence at all in a pipe', () => {
    expect(visible(`${HOSTILE}\u001b[1m`, false)).not.to.match(CONTROL);
    expect(visible('a\nb', false)).to.equal('a\nb');
  });
});

describe('a line of JSON', () => {
  it('is one line of signs that no terminal obeys, and reads back as it was', () => {
    const value = { text: `${HOSTILE}\u2028\u0085` };
    expect(jsonLine(value)).not.to.match(/[\p{Cc}\u2028]/u);
    expect(JSON.parse(jsonLine(value))).to.deep.equal(value);
  });
});

describe('a terminal that became narrower', () => {
  const drawn = ['x'.repeat(80), 'y'.repeat(30), ''].join('\n');
  const CASES = [
    ['as wide as before', 80, 80, 0],
    ['wider', 80, 120, 0],
    ['half as wide', 80, 40, 1],
    ['a quarter as wide', 80, 20, 4],
  ] as const;
  for (const [title, before, now, extra] of CASES)
    it(`shows ${extra} lines more of what was drawn when it is ${title}`, () => {
      expect(reflowed(drawn, before, now)).to.equal(extra);
    });

  it('counts cells, not the signs of colours', () => {
    expect(reflowed(paint(true).bad('x'.repeat(40)), 40, 40)).to.equal(0);
    expect(reflowed('', 80, 10)).to.equal(0);
  });
});
