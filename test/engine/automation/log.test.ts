import {
  closeSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openLog } from '../../../src/engine/automation/log';

describe('the log of children', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'signalbox-log-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const logs = () => join(root, '.signalbox', 'logs');
  const say = (text: string): void => {
    const log = openLog(root);
    writeSync(log, text);
    closeSync(log);
  };

  it('goes on where the command before ended, for its owner alone', () => {
    say('one ');
    say('two');
    expect(readFileSync(join(logs(), 'children.log'), 'utf8')).to.equal('one two');
    expect(statSync(join(logs(), 'children.log')).mode & 0o777).to.equal(0o600);
  });

  it('is put aside once it is large, and only the last one is kept', () => {
    for (const text of ['first', 'second', 'third']) {
      say(text);
      truncateSync(join(logs(), 'children.log'), 16 * 1024 ** 2);
    }
    say('fourth');
    expect(readdirSync(logs()).sort()).to.deep.equal(['children.log', 'children.log.1']);
    expect(readFileSync(join(logs(), 'children.log'), 'utf8')).to.equal('fourth');
    expect(readFileSync(join(logs(), 'children.log.1'), 'utf8')).to.match(/^third/);
  });
});
