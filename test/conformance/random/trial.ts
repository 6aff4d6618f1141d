import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare, type Difference } from '../compare';
import { labelOf, type Outcome, type Scenario } from '../corpus';
import { Normaliser } from '../normalise';

/** The step that differs first, and where. Later ones start from another state and say little. */
export interface Divergence {
  /** `02-up`. */
  readonly step: string;
  readonly index: number;
  readonly differences: readonly Difference[];
}

/** Runs the scenario on the CLI and on the embedded engine, side by side; undefined where both do the same. */
export async function diverge(
  corpus: string,
  scenario: Scenario,
  cli: string,
): Promise<Divergence | undefined> {
  const [real, own] = await Promise.all([run(corpus, scenario, cli), run(corpus, scenario, '')]);
  return firstDifference(scenario, real, own);
}

/** Whether the CLI does the same twice: where not, a divergence is a race of its own. */
export async function isSteady(
  corpus: string,
  scenario: Scenario,
  cli: string,
  times: number,
): Promise<boolean> {
  const runs: Outcome[][] = [];
  for (let index = 0; index < times; index += 1) runs.push(await run(corpus, scenario, cli));
  const [first = [], ...others] = runs;
  return others.every((other) => firstDifference(scenario, first, other) === undefined);
}

function firstDifference(
  { steps }: Scenario,
  real: readonly Outcome[],
  own: readonly Outcome[],
): Divergence | undefined {
  const [expected, got] = [new Normaliser(), new Normaliser()];
  for (const [index, step] of steps.entries()) {
    const [one, two] = [real[index], own[index]];
    const differences =
      one === undefined || two === undefined
        ? [{ path: 'process', expected: `${real.length} outcomes`, got: `${own.length} outcomes` }]
        : compare(expected.normal(one), got.normal(two));
    if (differences.length > 0) return { step: labelOf(step, index), index, differences };
  }
  return undefined;
}

/** No outcomes where the process died. */
async function run(corpus: string, scenario: Scenario, cli: string): Promise<Outcome[]> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-trial-'));
  try {
    const [from, to] = [join(folder, 'scenario.json'), join(folder, 'outcomes.json')];
    writeFileSync(from, JSON.stringify(scenario));
    const child = fork(join(__dirname, 'trial-child.ts'), [corpus, from, to, cli], {
      execArgv: ['--require', require.resolve('ts-node/register')],
      stdio: 'ignore',
      // A short process needs no collector.
      env: { ...process.env, GOGC: 'off' },
    });
    await once(child, 'exit');
    return existsSync(to) ? JSON.parse(readFileSync(to, 'utf8')) : [];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
