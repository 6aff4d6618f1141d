import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { BETA, runningEstate, V2 } from './estate';
import { must, start } from './program';

const repository = resolve(__dirname, '..', '..');

describe('the built program', function () {
  this.timeout(300_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-built-'));
    copyFileSync(join(repository, 'package.json'), join(folder, 'package.json'));
    symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
    const tsc = require.resolve('typescript/bin/tsc');
    const settings = join(repository, 'tsconfig.build.json');
    execFileSync(process.execPath, [tsc, '-p', settings, '--outDir', join(folder, 'dist')], {
      cwd: repository,
    });
    // `npm run build` copies what the compiler leaves behind.
    const schema = join('engine', 'sandbox', 'schema.generated.json');
    copyFileSync(join(repository, 'src', schema), join(folder, 'dist', schema));
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('promotes like the one run from source', async () => {
    const estate = await runningEstate();
    const run = (...args: string[]) =>
      start(estate.root, args, {}, { program: [join(folder, 'dist', 'bin.js')] }).ended.then(must);
    expect((await run('--version')).stdout).to.match(/^\d+\.\d+\.\d+\n$/);
    expect((await run('status')).stdout).to.contain('beta.1');
    const promoted = await run('promote', '--track', 'beta', '--json');
    expect(promoted.result).to.deep.include({ outcome: 'converged', release: 'beta.2' });
    expect(estate.images()).to.include(Object.fromEntries(BETA.map((stack) => [stack, V2])));
  });

  it('remembers the project it read only while every file is as it was', async () => {
    const estate = await runningEstate();
    const status = () =>
      start(estate.root, ['status'], {}, { program: [join(folder, 'dist', 'bin.js')] }).ended;
    must(await status());
    expect(estate.read('.signalbox/cache/project.json')).to.contain('"stage-a"');
    const [file = ''] = Object.keys(estate.files('stacks')).filter((path) => path.endsWith('stage-a.yaml'));
    const written = estate.read(file);
    estate.write(file.replace('stage-a.yaml', 'stage-z.yaml'), written);
    expect((await status()).stdout).to.contain('stage-z');
    estate.write(file, `${written}bogus: 1\n`);
    const broken = await status();
    expect([broken.code, broken.stderr]).to.deep.equal([2, broken.stderr]);
    expect(broken.stderr).to.contain('"bogus" is not a key here');
    estate.write(file, written);
    estate.write('.signalbox/cache/project.json', 'no JSON');
    expect(must(await status()).stdout).to.contain('stage-z');
  });
});
