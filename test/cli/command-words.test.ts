import { expect } from 'chai';
import { commandIn, helpCommand, withHelp } from '../../src/cli/command-words';

describe('the words of a command line', () => {
  const CASES: readonly (readonly [string, readonly string[], string | undefined])[] = [
    ['', [], undefined],
    ['status --track beta', ['status'], undefined],
    ['--cwd /tmp/shop --json status', ['status'], undefined],
    ['--cwd=/tmp/shop vendor pull', ['vendor', 'pull'], undefined],
    ['vendor', ['vendor'], undefined],
    ['vendor --track alpha', ['vendor'], undefined],
    ['vendor pul', ['vendor'], 'pul'],
    ['statsu --json', [], 'statsu'],
    ['toString', [], 'toString'],
  ];
  for (const [line, path, unknown] of CASES)
    it(`"${line}" names ${path.join(' ') || 'no command'}${unknown === undefined ? '' : `, and ${unknown} is none`}`, () => {
      const named = commandIn(line.split(' ').filter((word) => word !== ''));
      expect([named.path, named.unknown]).to.deep.equal([path, unknown]);
    });

  it('ask for help in two ways that mean the same', () => {
    expect(withHelp(['help', 'vendor', 'pull'])).to.deep.equal(['vendor', 'pull', '--help']);
    expect(withHelp(['vendor', 'pull', '--help'])).to.deep.equal(['vendor', 'pull', '--help']);
    expect(withHelp(['help'])).to.deep.equal(['--help']);
  });

  it('ask for no help on what is no command: it is to be refused', () => {
    expect(withHelp(['help', 'nope'])).to.deep.equal(['nope']);
    expect(withHelp(['vendor', 'nope', '-h'])).to.deep.equal(['vendor', 'nope']);
  });

  it('lead to the help of the command that was meant', () => {
    const meant = "unknown command 'statsu'\n(Did you mean status?)";
    expect(helpCommand(['statsu'], meant)).to.equal('signalbox status --help');
    expect(helpCommand(['nope'], "unknown command 'nope'")).to.equal('signalbox --help');
    expect(helpCommand(['vendor', 'pull', '--trak'], '(Did you mean --track?)')).to.equal(
      'signalbox vendor pull --help',
    );
  });
});
