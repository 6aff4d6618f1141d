import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compare } from '../test/conformance/compare';
import { openCorpus } from '../test/conformance/corpus';
import { Normaliser } from '../test/conformance/normalise';

const USAGE = 'record --scenarios DIR --out DIR [--only SCENARIO] [--against DIR]';
const NEEDED =
  'SIGNALBOX_PULUMI must name a Pulumi CLI: recordings are made by the real engine, never by the embedded one';

/**
 * Records scenarios on the real CLI that SIGNALBOX_PULUMI names: `--scenarios` is a folder of scenarios, `--out` the folder of
 * recordings. `--against` compares what was recorded with the recordings in another folder. Exits 1 where they differ or
 * a scenario did not run to its end.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      scenarios: { type: 'string' },
      out: { type: 'string' },
      only: { type: 'string' },
      against: { type: 'string' },
    },
  });
  const cli = process.env['SIGNALBOX_PULUMI'] ?? '';
  if (cli === '') return refuse(NEEDED);
  if (!existsSync(cli)) return refuse(`SIGNALBOX_PULUMI names ${cli}, which does not exist`);
  if (values.scenarios === undefined || values.out === undefined)
    return refuse('--scenarios and --out are needed');
  const folder = resolve(values.scenarios, '..');
  const { scenarios } = openCorpus(folder, values.only);
  let wrong = 0;
  for (const name of scenarios) {
    const child = fork(
      join(__dirname, '../test/conformance/record-child.ts'),
      [folder, name, resolve(values.out), resolve(cli)],
      { execArgv: ['--require', require.resolve('ts-node/register')] },
    );
    const [code] = await once(child, 'exit');
    if (code !== 0) wrong += 1;
    else if (values.against !== undefined) wrong += tellDifferences(name, values.against, values.out);
  }
  say(`scenarios: ${scenarios.length} recorded${wrong === 0 ? '' : `, ${wrong} differences or failures`}`);
  return wrong === 0 ? 0 : 1;
}

/** How many steps of a scenario were recorded otherwise in one folder than in the other. */
function tellDifferences(name: string, before: string, now: string): number {
  const [expected, got] = [new Normaliser(), new Normaliser()];
  let different = 0;
  const steps = [before, now].flatMap((place) => stepsIn(place, name));
  for (const step of [...new Set(steps)].sort()) {
    const [old, fresh] = [before, now].map((place) => join(place, name, `${step}.json`));
    if (old === undefined || fresh === undefined || !existsSync(old) || !existsSync(fresh)) {
      say(`different  ${name}/${step}: recorded on one side only`);
      different += 1;
      continue;
    }
    const [one, two] = [old, fresh].map((path) => JSON.parse(readFileSync(path, 'utf8')));
    const differences = compare(expected.normal(one), got.normal(two));
    if (JSON.stringify(one.argv) !== JSON.stringify(two.argv)) {
      differences.push({ path: 'argv', expected: JSON.stringify(one.argv), got: JSON.stringify(two.argv) });
    }
    if (differences.length === 0) continue;
    different += 1;
    say(`different  ${name}/${step}`);
    for (const { path, expected, got } of differences) say(`    ${path}: was ${expected}, now ${got}`);
  }
  return different;
}

function stepsIn(recordings: string, name: string): string[] {
  const folder = join(recordings, name);
  return existsSync(folder) ? readdirSync(folder).map((file) => file.replace(/\.json$/, '')) : [];
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function refuse(text: string): number {
  process.stderr.write(`${text}\nusage: ${USAGE}\n`);
  return 2;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\nusage: ${USAGE}\n`);
    process.exitCode = 2;
  },
);
