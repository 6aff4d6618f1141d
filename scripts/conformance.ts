import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { FIXTURES, openCorpus, WIDER } from '../test/conformance/corpus';
import { runCorpus, type StepReport } from '../test/conformance/run';
import { runByChance } from './chance';

const USAGE =
  'conformance [--corpus DIR] [--only SCENARIO] [--strict] [--json] | --chance COUNT [--seed N] [--shrink TRIALS] [--keep DIR]';
const NEEDED =
  'SIGNALBOX_PULUMI must name a Pulumi CLI: scenarios by chance are compared with the real engine at once';

/**
 * Runs a corpus of recordings against the embedded engine; exits 0 only when every step is identical. `--strict` compares
 * also what the real engine leaves to chance (test/conformance/chance.ts says what): where only that differs, recording the
 * scenario again makes other steps differ. `--chance` makes up scenarios from seeds and runs them on the real CLI, too.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      corpus: { type: 'string' },
      only: { type: 'string' },
      strict: { type: 'boolean' },
      json: { type: 'boolean' },
      chance: { type: 'string' },
      seed: { type: 'string' },
      shrink: { type: 'string' },
      keep: { type: 'string' },
    },
  });
  if (values.chance !== undefined) return byChance(Number(values.chance), values);
  const folder = values.corpus ?? FIXTURES;
  if (!existsSync(`${folder}/scenarios`)) return refuse(`${folder} has no folder scenarios`);
  const corpus = openCorpus(folder, values.only);
  if (corpus.scenarios.length === 0) return refuse(`${folder} has no scenario ${values.only ?? ''}`);
  const options = { atOnce: availableParallelism(), strict: values.strict === true };
  const reports = await runCorpus(corpus, options, (some) => {
    if (values.json !== true) for (const report of some) say(told(report));
  });
  const different = reports.filter(({ differences }) => differences.length > 0).length;
  const identical = reports.length - different;
  if (values.json === true) say(JSON.stringify({ steps: reports, identical, different }, undefined, 2));
  else say(`steps: ${identical} identical, ${different} different`);
  return different === 0 ? 0 : 1;
}

async function byChance(
  count: number,
  { seed = '1', shrink = '0', keep }: { seed?: string; shrink?: string; keep?: string },
): Promise<number> {
  const cli = process.env['SIGNALBOX_PULUMI'] ?? '';
  if (cli === '' || !existsSync(cli)) return refuse(NEEDED);
  const numbers = { count, seed: Number(seed), shrink: Number(shrink) };
  if (!Object.values(numbers).every(Number.isSafeInteger))
    return refuse('--chance, --seed and --shrink are numbers');
  const atOnce = availableParallelism();
  const options = { ...numbers, cli, atOnce, corpus: WIDER, ...(keep === undefined ? {} : { keep }) };
  return (await runByChance(options, say)) === 0 ? 0 : 1;
}

function told({ scenario, step, differences }: StepReport): string {
  const title = `${differences.length === 0 ? 'identical' : 'different'}  ${scenario}/${step}`;
  return [
    title,
    ...differences.map(
      ({ path, expected, got }) => `    ${path}\n        expected ${expected}\n        got      ${got}`,
    ),
  ].join('\n');
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
    process.stderr.write(`${error instanceof Error ? error.message : error}\nusage: ${USAGE}\n`);
    process.exitCode = 2;
  },
);
