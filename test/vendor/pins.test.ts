import { expect } from 'chai';
import fc from 'fast-check';
import { parse } from 'yaml';
import type { Pin } from '../../src/core/project';
import { rewritePins } from '../../src/vendor/pins';
import { messages, must } from './world';

const pinOf = (digit: string): Pin => ({ commit: digit.repeat(40), digest: `sha256:${digit.repeat(64)}` });
const text = (digit: string) => `{ commit: "${pinOf(digit).commit}", digest: "${pinOf(digit).digest}" }`;
const rewrite = (before: string, pins: Record<string, Pin>) =>
  rewritePins(before, pins, 'tracks/a/track.yaml');

describe('rewriting pins', () => {
  it('replaces values where they stand and leaves every other character alone', () => {
    const before = `# yaml-language-server: x\ntrack:   beta # the middle\ncomponents:\n  # the net\n  network:  ${text('1')}   # keep me\n\n  web:\n    digest: 'sha256:${'2'.repeat(64)}' # d\n    commit: ${'b'.repeat(40)}\npromote: { when: { soaked: 7d } }\n`;
    const after = must(rewrite(before, { network: pinOf('3'), web: pinOf('4') }));
    expect(after).to.equal(
      before
        .replace('1'.repeat(64), '3'.repeat(64))
        .replace('1'.repeat(40), '3'.repeat(40))
        .replace(`'sha256:${'2'.repeat(64)}'`, `"sha256:${'4'.repeat(64)}"`)
        .replace('b'.repeat(40), `"${'4'.repeat(40)}"`),
    );
  });

  it('adds and removes whole lines', () => {
    const before = `components:\n  a: ${text('1')}\n  # about b\n  b: ${text('2')} # old\n  c:\n    commit: "${'3'.repeat(40)}"\n    digest: "sha256:${'3'.repeat(64)}"\n\n# the end\ntrack: x\n`;
    expect(must(rewrite(before, { a: pinOf('1'), d: pinOf('4') }))).to.equal(
      `components:\n  a: ${text('1')}\n  # about b\n  d: ${text('4')}\n\n# the end\ntrack: x\n`,
    );
  });

  it('fills a map that is empty, null, absent or on one line', () => {
    const filled = `components:\n  a: ${text('1')}\n`;
    expect(must(rewrite('track: x\ncomponents: {} # none\n', { a: pinOf('1') }))).to.equal(
      `track: x\ncomponents:\n  a: ${text('1')} # none\n`,
    );
    expect(must(rewrite('track: x\ncomponents:\n', { a: pinOf('1') }))).to.equal(`track: x\n${filled}`);
    expect(must(rewrite('track: x', { a: pinOf('1') }))).to.equal(`track: x\n${filled}`);
    expect(must(rewrite(`components: { a: ${text('1')} }\n`, { a: pinOf('1'), b: pinOf('2') }))).to.equal(
      `components: { a: ${text('1')}, b: ${text('2')} }\n`,
    );
  });

  it('keeps the line breaks of Windows', () => {
    const after = must(rewrite(`components:\r\n  a: ${text('1')}\r\n`, { a: pinOf('1'), b: pinOf('2') }));
    expect(after).to.equal(`components:\r\n  a: ${text('1')}\r\n  b: ${text('2')}\r\n`);
  });

  it('refuses what it cannot edit in place', () => {
    expect(messages(rewrite(`x: &p ${text('1')}\ncomponents: { a: *p }\n`, { a: pinOf('2') }))).to.include(
      'aliases',
    );
    expect(messages(rewrite('- a\n', { a: pinOf('2') }))).to.include('not a YAML map');
    expect(messages(rewrite('a: [\n', { a: pinOf('2') }))).to.include('not a YAML map');
  });

  it('ends with exactly the wished pins from any to any, and keeps every comment of what stays', () => {
    const pins = fc.dictionary(
      fc.constantFrom('a', 'b', 'c', 'd'),
      fc.constantFrom('1', '2', '3').map(pinOf),
    );
    const layout = fc.constantFrom('block', 'nested', 'flow');
    fc.assert(
      fc.property(pins, pins, layout, (from, to, form) => {
        const entries = Object.entries(from).map(([name, pin]) => [
          name,
          `{ commit: "${pin.commit}", digest: "${pin.digest}" }`,
        ]);
        const body =
          form === 'flow' || entries.length === 0
            ? ` { ${entries.map(([name, pin]) => `${name}: ${pin}`).join(', ')} }\n`
            : form === 'block'
              ? `\n${entries.map(([name, pin]) => `  # on ${name}\n  ${name}: ${pin} # at ${name}\n`).join('')}`
              : `\n${Object.entries(from)
                  .map(
                    ([name, pin]) =>
                      `   ${name}: # at ${name}\n     commit: "${pin.commit}"\n     digest: "${pin.digest}"\n`,
                  )
                  .join('\n')}`;
        const before = `# top\ntrack: x\ncomponents:${body}# below\nlast: 1 # yes\n`;
        const after = must(rewrite(before, to));
        expect(parse(after)).to.deep.equal({ track: 'x', components: to, last: 1 });
        expect(after).to.match(/^# top\ntrack: x\n/);
        expect(after).to.match(/# below\nlast: 1 # yes\n$/);
        if (form !== 'flow')
          for (const name of Object.keys(from)) if (name in to) expect(after).to.include(`# at ${name}`);
        expect(must(rewrite(after, to))).to.equal(after);
      }),
      { numRuns: 300 },
    );
  });
});
