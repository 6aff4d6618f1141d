import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { installWith } from '../../src/cli/commands/engine';
import type { Output } from '../../src/cli/output';
import { Stop } from '../../src/cli/stop';
import type { Installer } from '../../src/engine/automation/install-cli';
import { paint } from '../../src/report/paint';

describe('engine install', () => {
  let folder = '';
  let said: string[] = [];
  let result: Readonly<Record<string, unknown>> = {};
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-install-'));
    [said, result] = [[], {}];
    write('repository/signalbox.yaml', 'project: shop\n');
    write('repository/node_modules/@pulumi/pulumi/package.json', '{ "version": "3.270.0" }');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function write(path: string, text: string): string {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }
  const program = (path: string, version: string): string => {
    const file = write(path, `#!/bin/sh\necho v${version}\n`);
    chmodSync(file, 0o755);
    return file;
  };
  const out: Output = {
    isJson: false,
    isLive: false,
    paint: paint(false),
    text: (text) => said.push(text),
    next: (command) => said.push(`next: ${command}`),
    note: (text) => said.push(text),
    draw() {},
    freeze() {},
    erase() {},
    event() {},
    result(value) {
      result = value;
    },
  };
  const install = (installer: Installer, options: Readonly<Record<string, string>> = {}) =>
    installWith(
      { out, words: [], options: { cwd: join(folder, 'repository'), ...options } },
      () => installer,
      { PATH: join(folder, 'path'), PULUMI_HOME: join(folder, 'home') },
      5,
    );
  /** What the SDK's installer does, without the download. */
  const puts: Installer = async ({ version, folder: at }) =>
    program(join(at.slice(folder.length + 1), 'bin', 'pulumi'), version);
  const stopped = (work: Promise<unknown>): Promise<Stop> =>
    work.then(
      () => expect.fail('it went through'),
      (error: unknown) => (error instanceof Stop ? error : Promise.reject(error)),
    );

  it('puts the version of the SDK into the Pulumi home, tells that it goes on, and what comes next', async () => {
    let begun = 0;
    const slow: Installer = async (wanted) => {
      begun += 1;
      while (said.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
      await puts(wanted);
    };
    expect(await install(slow)).to.equal(0);
    const command = join(folder, 'home', 'versions', '3.270.0', 'bin', 'pulumi');
    expect(said[1]).to.match(/^pulumi 3\.270\.0: still at it after \d s$/);
    expect(said.at(-2)).to.equal(`✔ pulumi 3.270.0 installed: ${command}`);
    expect(said.at(-1)).to.equal('  next: engine: { kind: pulumi } in signalbox.yaml, then npm run doctor');
    expect(result).to.deep.include({
      outcome: 'installed',
      engine: command,
      version: '3.270.0',
      exitCode: 0,
    });
    expect(await install(slow)).to.equal(0);
    expect([begun, result['outcome']]).to.deep.equal([1, 'there already']);
  });

  it('says to name it where another one would come first', async () => {
    const first = program('path/pulumi', '3.300.0');
    expect(await install(puts, { version: 'v3.258.0' })).to.equal(0);
    const command = join(folder, 'home', 'versions', '3.258.0', 'bin', 'pulumi');
    expect(said.at(-1)).to.contain(
      `engine: { kind: pulumi, command: ${command} } in signalbox.yaml (${first}`,
    );
  });

  it('tells why it cannot be had, and the way without a download', async () => {
    const unreachable: Installer = async () => {
      throw new Error(
        'code: -2\nstdout: \nstderr: Command failed with exit code 6: /bin/sh /tmp/x\ncurl: (6) Could not resolve host',
      );
    };
    const error = await stopped(install(unreachable));
    expect(error.exitCode).to.equal(1);
    expect(error.message).to.equal('pulumi 3.270.0 could not be installed: curl: (6) Could not resolve host');
    expect(error.detail.remedy).to.contain('engine: { kind: pulumi, command: /path/to/pulumi }');
  });

  it('does not believe an installer that leaves nothing behind', async () => {
    const error = await stopped(install(async () => {}));
    expect([error.exitCode, error.message]).to.deep.equal([
      1,
      `pulumi 3.270.0 could not be installed: the installer ended without a word, yet there is no ${join(folder, 'home/versions/3.270.0/bin/pulumi')}`,
    ]);
  });

  for (const [version, why] of [
    ['latest', /"latest" is no version/],
    ['3.100.0', /older than 3\.206\.0/],
    ['../../3.258.0', /is no version/],
  ] as const) {
    it(`refuses version ${version} before anything is tried`, async () => {
      const error = await stopped(install(puts, { version }));
      expect(error.exitCode).to.equal(2);
      expect(error.message).to.match(why);
      expect(existsSync(join(folder, 'home'))).to.equal(false);
    });
  }
});
