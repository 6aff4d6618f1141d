import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scenario } from '../test/conformance/corpus';
import { scenarioOf } from '../test/conformance/random/scenario';
import { shrunk } from '../test/conformance/random/shrink';
import { type Divergence, diverge, isSteady } from '../test/conformance/random/trial';

export interface ChanceOptions {
  /** Whose interpreter and provider are used. */
  readonly corpus: string;
  readonly cli: string;
  /** The first of `count` seeds in a row. */
  readonly seed: number;
  readonly count: number;
  readonly atOnce: number;
  /** Trials for making a differing scenario small; 0 for none. */
  readonly shrink: number;
  /** Where differing scenarios are written, ready for `npm run record`. */
  readonly keep?: string;
}

/** Runs scenarios made up from seeds on the CLI and on the embedded engine; says each difference. Returns how many differ. */
export async function runByChance(options: ChanceOptions, say: (text: string) => void): Promise<number> {
  const { corpus, cli, seed, count, keep } = options;
  let next = seed;
  let different = 0;
  let races = 0;
  const work = async (): Promise<void> => {
    while (next < seed + count) {
      const own = next++;
      let scenario = scenarioOf(own);
      let found = await diverge(corpus, scenario, cli);
      if (found === undefined) continue;
      scenario = upTo(scenario, found);
      if (!(await isSteady(corpus, scenario, cli, 2))) {
        races += 1;
        say(`chance     seed ${own}/${found.step}: the CLI itself does not do the same twice`);
        continue;
      }
      different += 1;
      const { kind } = found.differences.map(({ path }) => ({ kind: path.split(/[[.]/)[0] }))[0] ?? {};
      scenario = await shrunk(
        scenario,
        async (candidate) => {
          const again = await diverge(corpus, candidate, cli);
          if (again?.differences[0]?.path.split(/[[.]/)[0] !== kind) return false;
          found = again;
          return true;
        },
        options.shrink,
      );
      say(told(own, scenario, found));
      if (keep !== undefined) {
        mkdirSync(keep, { recursive: true });
        writeFileSync(join(keep, `seed-${own}.json`), `${JSON.stringify(scenario, undefined, 1)}\n`);
      }
    }
  };
  await Promise.all(Array.from({ length: options.atOnce }, work));
  say(
    `seeds: ${count - different - races} identical, ${different} different, ${races} left to chance by the CLI`,
  );
  return different;
}

function upTo(scenario: Scenario, { index }: Divergence): Scenario {
  return { ...scenario, steps: scenario.steps.slice(0, index + 1) };
}

function told(seed: number, scenario: Scenario, found: Divergence | undefined): string {
  const differences = (found?.differences ?? []).map(
    ({ path, expected, got }) => `    ${path}\n        expected ${expected}\n        got      ${got}`,
  );
  return [`different  seed ${seed}/${found?.step}`, ...differences, JSON.stringify(scenario.steps)].join(
    '\n',
  );
}
