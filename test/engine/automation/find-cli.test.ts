import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { type FoundCli, findCli } from '../../../src/engine/automation/find-cli';

describe('finding the Pulumi CLI', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-find-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A program that says it is the CLI of this version. */
  const cli = (path: string, says: string): string => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\necho ${says}\n`);
    chmodSync(file, 0o755);
    return file;
  };
  const find = (wanted?: string): Promise<FoundCli> =>
    findCli(wanted, { PATH: join(folder, 'path'), PULUMI_HOME: join(folder, 'home') });

  it('takes the path that is named and no other', async () => {
    cli('path/pulumi', 'v3.258.0');
    const named = cli('elsewhere/pulumi', 'v3.260.1');
    expect(await find(named)).to.deep.equal({ command: named, version: '3.260.1' });
    expect(await find(join(folder, 'none'))).to.have.property(
      'missing',
      `${join(folder, 'none')} is no program`,
    );
  });

  it('takes PATH before the Pulumi home, and of what is installed there the newest', async () => {
    expect(await find()).to.have.property('missing', 'there is no Pulumi CLI on PATH or in the Pulumi home');
    const older = cli('home/versions/3.99.0/bin/pulumi', 'v3.240.0');
    expect(await find()).to.have.property('command', older);
    const newer = cli('home/versions/3.258.0/bin/pulumi', 'v3.258.0');
    cli('home/versions/draft/bin/pulumi', 'v3.300.0');
    expect(await find()).to.have.property('command', newer);
    const own = cli('home/bin/pulumi', 'v3.250.0');
    expect(await find()).to.have.property('command', own);
    const first = cli('path/pulumi', 'v3.245.0');
    expect(await find()).to.have.property('command', first);
  });

  it('tells the program that a repository names nothing of the credentials here', async () => {
    const curious = cli('curious', '');
    writeFileSync(curious, '#!/bin/sh\n[ -n "$AWS_SECRET_ACCESS_KEY" ] || echo v3.258.0\n');
    expect(await findCli(curious, { PATH: process.env['PATH'], AWS_SECRET_ACCESS_KEY: 'key' })).to.deep.equal(
      {
        command: curious,
        version: '3.258.0',
      },
    );
  });

  it('passes over what is too old or no CLI, and says so where nothing else is there', async () => {
    const old = cli('path/pulumi', 'v3.100.0');
    expect(await find()).to.have.property('missing', `${old} is version 3.100.0, older than 3.206.0`);
    expect(await find())
      .to.have.property('remedy')
      .that.contains('npm run engine -- install');
    const own = cli('home/bin/pulumi', 'v3.250.0');
    expect(await find()).to.have.property('command', own);
    cli('home/bin/pulumi', 'hello');
    const installed = cli('home/versions/3.258.0/bin/pulumi', 'v3.258.0');
    expect(await find()).to.have.property('command', installed);
  });
});
