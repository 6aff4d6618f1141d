import { expect } from 'chai';
import { frame, frames } from '../../src/config/frame';

const rule = 'x';

describe('a code frame', () => {
  it('shows the place, the line, the mark beneath it and the remedy', () => {
    const problem = {
      file: 'tracks/beta/track.yaml',
      line: 2,
      column: 9,
      length: 4,
      message: '"vpcc" is not a component',
      remedy: 'did you mean "vpc"?',
      rule,
    };
    expect(frame(problem, 'components:\n      - vpcc\n')).to.equal(
      [
        '✖ tracks/beta/track.yaml:2:9  "vpcc" is not a component',
        '      - vpcc',
        '        ~~~~   did you mean "vpc"?',
      ].join('\n'),
    );
  });

  it('needs neither text nor place', () => {
    expect(frame({ message: 'no such track', remedy: 'tracks: alpha', rule })).to.equal(
      '✖ no such track\n  tracks: alpha',
    );
    expect(frame({ file: 'a.yaml', message: 'is gone', rule })).to.equal('✖ a.yaml  is gone');
  });

  it('leaves an empty line out', () => {
    expect(frame({ file: 'a.yaml', line: 1, column: 1, message: 'the file is empty', rule }, '\n')).to.equal(
      '✖ a.yaml:1:1  the file is empty',
    );
  });

  it('shows no password that stands in the line', () => {
    const problem = { file: 'signalbox.yaml', line: 1, column: 12, message: 'holds a password', rule };
    expect(frame(problem, '  backend: postgres://ada:hunter2@db/x')).to.contain('postgres://[redacted]@db/x');
  });

  it('cuts long lines around the mark', () => {
    const text = `${'a'.repeat(500)}MARK${'b'.repeat(500)}`;
    const [, line = '', mark = ''] = frame(
      { file: 'a', line: 1, column: 501, length: 4, message: 'm', rule },
      text,
    ).split('\n');
    expect(line.length).to.be.at.most(112);
    expect(line.slice(mark.indexOf('~'), mark.length)).to.equal('MARK');
  });

  it('stays within the width of a terminal, so that the mark points where it should', () => {
    const text = `name: ${'a'.repeat(60)} MARK ${'b'.repeat(60)}`;
    const problem = { file: 'a', line: 1, column: 68, length: 4, message: 'm', remedy: 'r'.repeat(70), rule };
    for (const size of [40, 80]) {
      const [, line = '', mark = '', ...rest] = frame(problem, text, size).split('\n');
      expect(line.length).to.be.at.most(size);
      expect(line.slice(mark.indexOf('~'), mark.length)).to.equal('MARK');
      expect(rest).to.deep.equal([`  ${'r'.repeat(70)}`]);
    }
    expect(frame(problem, text, 200).split('\n')).to.have.length(3);
  });

  it('shows as many as a person reads, and how many more there are', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => ({
      file: 'a',
      line: index + 1,
      message: 'm',
      rule,
    }));
    const told = frames(many, new Map([['a', 'k: 1\n'.repeat(20_000)]])).split('\n\n');
    expect(told).to.have.length(101);
    expect(told.at(-1)).to.equal('… and 19900 more');
    expect(frames(many.slice(0, 2), new Map())).to.equal('✖ a:1  m\n\n✖ a:2  m');
  });

  it('lets no file move the cursor or turn the writing around', () => {
    const text = 'a: \u001b[2J\u202eb\tc';
    expect(frame({ file: 'a\u0007', line: 1, column: 4, message: 'm', rule }, text)).to.equal(
      '✖ a·:1:4  m\na: ·[2J·b c\n   ~',
    );
  });
});
