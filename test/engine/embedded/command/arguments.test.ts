import { expect } from 'chai';
import { parseArguments, withEnvironment } from '../../../../src/engine/embedded/command/arguments';
import { findVerb } from '../../../../src/engine/embedded/command/verbs';

const syntax = {
  flags: { message: 'text', target: 'texts', diff: 'switch', refresh: 'optional', plan: 'refused text' },
  words: [0, 2],
} as const;

describe('a command line', () => {
  it('may give a flag a value that begins with a dash', () => {
    const given = parseArguments('up', ['--message', '--not-a-flag', '--diff'], syntax);
    expect([given.text('message'), given.has('diff')]).to.deep.equal(['--not-a-flag', true]);
  });

  it('may repeat a flag, switch one off, and name words after --', () => {
    const given = parseArguments(
      'up',
      ['--target', 'a', '--target=b=c', '--diff=false', '-s', 'dev', '--', '--word', 'x'],
      syntax,
    );
    expect(given.texts('target')).to.deep.equal(['a', 'b=c']);
    expect([given.has('diff'), given.text('stack'), given.words]).to.deep.equal([
      false,
      'dev',
      ['--word', 'x'],
    ]);
  });

  it('may give a flag its value or leave it to its own', () => {
    const given = (...args: string[]) => parseArguments('up', args, syntax).text('refresh');
    expect([given('--refresh', '--diff'), given('--refresh=false'), given()]).to.deep.equal([
      'true',
      'false',
      undefined,
    ]);
  });

  it('is added to by variables of its flags, and says the last word', () => {
    const env = {
      PULUMI_OPTION_TARGET: 'a,"b,c"',
      PULUMI_OPTION_DIFF: '1',
      PULUMI_OPTION_MESSAGE: 'ours',
    };
    const given = parseArguments(
      'up',
      withEnvironment(['--message', 'mine', '--target', 'd'], syntax, env),
      syntax,
    );
    expect(given.texts('target')).to.deep.equal(['a', 'b,c', 'd']);
    expect([given.has('diff'), given.text('message')]).to.deep.equal([true, 'mine']);
    const refused = withEnvironment([], syntax, { PULUMI_OPTION_PLAN: 'p' });
    expect(() => parseArguments('up', refused, syntax)).to.throw('does not support --plan');
    const breaking = { PULUMI_OPTION_PARALLEL: '3' };
    const parallel = { flags: { parallel: 'text' } } as const;
    expect(() => withEnvironment([], parallel, breaking)).to.throw('use PULUMI_PARALLEL');
  });

  for (const [args, words] of [
    [['--novelty'], 'unknown flag: --novelty'],
    [['--plan', 'p'], 'the embedded engine does not support --plan'],
    [['--remote'], 'the embedded engine does not support --remote'],
    [['--message'], 'flag needs an argument: --message'],
    [['a', 'b', 'c'], 'takes 0 to 2 arguments, got 3'],
  ] as const) {
    it(`is refused by name: ${args.join(' ')}`, () => {
      expect(() => parseArguments('up', args, syntax)).to.throw(words);
    });
  }

  it('begins with a verb, the longest name that fits', () => {
    expect(findVerb(['stack', 'tag', 'ls', '--json'])).to.deep.include({
      name: 'stack tag ls',
      rest: ['--json'],
    });
    expect(findVerb(['config', '--json']).name).to.equal('config');
    expect(() => findVerb(['env', 'open', 'x'])).to.throw('does not support `pulumi env open`');
    expect(() => findVerb(['constructor'])).to.throw('does not support');
  });
});
