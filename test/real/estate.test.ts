import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { ENGINE, runProgram, withCli } from './cli';

const repository = resolve(__dirname, '..', '..');

/** The tests of the embedded engine, as they are: only the engine's line in signalbox.yaml is another. */
const SAME = ['promote', 'failing', 'two-runs', 'drift', 'demo'];

withCli('what holds on the embedded engine holds on the real CLI', (cli) => {
  for (const name of SAME) {
    it(`test/e2e/${name}.test.ts`, async function () {
      this.timeout(1_200_000);
      const mocha = join(repository, 'node_modules', 'mocha', 'bin', 'mocha.js');
      const args = [mocha, '--reporter', 'json', '--timeout', '900000', `test/e2e/${name}.test.ts`];
      const ran = await runProgram(process.execPath, args, {
        cwd: repository,
        env: { ...process.env, SIGNALBOX_PULUMI: cli, SIGNALBOX_TEST_ENGINE: ENGINE },
      });
      const report = JSON.parse(ran.stdout.slice(ran.stdout.indexOf('{'))) as {
        readonly stats: { readonly passes: number; readonly failures: number };
        readonly failures: readonly {
          readonly fullTitle: string;
          readonly err: { readonly message?: string };
        }[];
      };
      const failures = report.failures.map(({ fullTitle, err }) => `${fullTitle}: ${err.message}`);
      expect(failures.join('\n')).to.equal('');
      expect(report.stats.passes).to.be.above(0);
    });
  }
});
