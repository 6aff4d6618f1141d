import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { Runs } from '../../../src/engine/automation/runs';
import { FileState } from '../../../src/engine/automation/state';

const SIGNATURE = '4dabf18193072939515e22adb298388d';
/** Larger than any process number there is. */
const DEAD = 2 ** 22 + 7;

describe('state files read directly', () => {
  let root = '';
  let runs: Runs;
  let state: FileState;
  const write = (path: string, content: unknown): void => {
    const file = join(root, '.pulumi', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  };
  const checkpoint = (resources: readonly object[], more: object = {}): void =>
    write('stacks/shop/dev.json', { version: 3, checkpoint: { latest: { resources, ...more } } });
  const lock = (name: string, pid: number, host = hostname()): void =>
    write(`locks/organization/shop/dev/${name}`, {
      pid,
      username: 'ada',
      hostname: host,
      timestamp: new Date().toISOString(),
    });

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'signalbox-state-'));
    runs = new Runs(join(root, 'runs'));
    state = new FileState(pathToFileURL(root).href, 'shop', runs);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('are no stack where there is no file', () => {
    expect(state.read('dev')).to.equal(undefined);
  });

  it('are begun empty and whole, and one that is there is never touched', () => {
    state.ensure('dev');
    expect(state.read('dev')).to.include({ resources: 0 });
    expect(readdirSync(join(root, '.pulumi', 'stacks', 'shop'))).to.deep.equal(['dev.json']);
    checkpoint([{ urn: 'a', type: 't' }]);
    const before = readFileSync(join(root, '.pulumi', 'stacks', 'shop', 'dev.json'), 'utf8');
    state.ensure('dev');
    expect(readFileSync(join(root, '.pulumi', 'stacks', 'shop', 'dev.json'), 'utf8')).to.equal(before);
  });

  it('give the stack’s outputs with secrets blinded, and what a killed run left open', () => {
    checkpoint(
      [
        {
          urn: 's',
          type: 'pulumi:pulumi:Stack',
          outputs: {
            url: 'x',
            password: { [SIGNATURE]: '1b47061264138c4ac30d75fd1eb44270', ciphertext: 'v1:a' },
          },
        },
      ],
      {
        pending_operations: [
          { type: 'creating', resource: { urn: 'urn:a', type: 't' } },
          // Lives in the state only: a run that was killed while making it left nothing anywhere.
          { type: 'creating', resource: { urn: 'urn:p', type: 'pulumi:providers:aws' } },
        ],
      },
    );
    expect(state.read('dev')).to.deep.include({
      outputs: { url: 'x', password: '[secret]' },
      pending: ['creating urn:a'],
      resources: 1,
    });
  });

  it('of another version are refused, not guessed at', () => {
    write('stacks/shop/dev.json', { version: 5, checkpoint: {} });
    expect(() => state.read('dev')).to.throw('unsupported checkpoint version 5');
    write('stacks/shop/dev.json', { version: 3, features: ['views'], checkpoint: {} });
    expect(() => state.read('dev')).to.throw('stack dev: unsupported checkpoint features: views');
    write('stacks/shop/dev.json', { version: 4, features: ['replaceWith', 'views'], checkpoint: {} });
    expect(() => state.read('dev')).to.throw('stack dev: unsupported checkpoint features: views');
  });

  it('of the version with features are read where every feature is known', () => {
    write('stacks/shop/dev.json', { version: 4, features: ['replaceWith'], checkpoint: { latest: {} } });
    expect(state.read('dev')).to.include({ resources: 0 });
  });

  it('are of the same version where only times and ciphertexts differ, of another where a value does', () => {
    const version = (resource: object): string | undefined => {
      checkpoint([{ urn: 'a', type: 't', ...resource }]);
      return state.read('dev')?.stateVersion;
    };
    const first = version({ inputs: { a: 1, s: { ciphertext: 'x' } }, modified: '2026' });
    expect(version({ inputs: { a: 1, s: { ciphertext: 'y' } }, modified: '2027' })).to.equal(first);
    expect(version({ inputs: { a: 2, s: { ciphertext: 'y' } }, modified: '2027' })).to.not.equal(first);
  });

  it('name the newest update of the history, with what is known of its end', () => {
    checkpoint([]);
    const entry = (at: string, message: string, result: string): void =>
      write(`history/shop/dev/dev-${at}.history.json`, { message, result, endTime: 7 });
    entry('1000', 'first', 'failed');
    entry('2000', 'second', 'succeeded');
    expect(state.read('dev')?.lastUpdate).to.deep.equal({
      deployment: 'second',
      result: 'succeeded',
      endedAt: 7000,
    });
    entry('3000', 'third', 'failed');
    expect(state.read('dev')?.lastUpdate?.result, 'nobody heard why').to.equal('cut');
    runs.begin('dev', process.pid);
    runs.failed('dev', 'third');
    expect(state.read('dev')?.lastUpdate?.result, 'its own process noted it').to.equal('failed');
    runs.begin('dev', process.pid);
    expect(state.read('dev')?.lastUpdate?.result, 'the next run begins anew').to.equal('cut');
  });

  it('are unlocked where a dead process of ours holds them, attributes and all', () => {
    checkpoint([]);
    runs.begin('dev', DEAD);
    lock('a.json', DEAD);
    write('locks/organization/shop/dev/a.json.attrs', '{}');
    expect(state.read('dev')?.lock).to.deep.include({ own: true });
    expect(state.unlock('dev')).to.equal(true);
    expect(readdirSync(join(root, '.pulumi', 'locks', 'organization', 'shop', 'dev'))).to.deep.equal([]);
  });

  it('stay locked by anybody else: another host, a process that is not ours, one of ours that lives', () => {
    checkpoint([]);
    runs.begin('dev', DEAD);
    for (const [pid, host] of [
      [DEAD, 'elsewhere'],
      [DEAD - 1, hostname()],
    ] as const) {
      lock('a.json', pid, host);
      expect(state.read('dev')?.lock).to.deep.include({ own: false, owner: `ada@${host} (pid ${pid})` });
      expect(state.unlock('dev')).to.equal(false);
    }
    runs.begin('dev', process.pid);
    lock('a.json', process.pid);
    expect(state.unlock('dev')).to.equal(false);
  });

  it('stay locked by a lock that cannot be read', () => {
    checkpoint([]);
    write('locks/organization/shop/dev/a.json', '{ "pid"');
    expect(state.read('dev')?.lock).to.deep.include({ own: false });
    expect(state.unlock('dev')).to.equal(false);
  });
});
