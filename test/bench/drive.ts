import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '../../src/core/project';
import type * as byGoal from '../../src/engine/automation/by-goal';
import type * as automation from '../../src/engine/automation/engine';
import type * as goal from '../../src/engine/automation/goal';
import type { Operation } from '../../src/engine/port';
import type * as pool from '../../src/rollout/pool';

/**
 * A driver of its own process, over the compiled program: `drive <compiled> <root> <preview|up> <operations.json> <parallel>`.
 * Prints how many operations succeeded and what they counted, in JSON.
 */
async function drive([
  built = '',
  root = '',
  kind = '',
  file = '',
  parallel = '2',
]: readonly string[]): Promise<void> {
  const { automationEngine } = require(join(built, 'engine/automation/engine.js')) as typeof automation;
  const { answeringByGoal } = require(join(built, 'engine/automation/by-goal.js')) as typeof byGoal;
  const { goalSource } = require(join(built, 'engine/automation/goal.js')) as typeof goal;
  const { pooled } = require(join(built, 'rollout/pool.js')) as typeof pool;
  const operations = JSON.parse(readFileSync(file, 'utf8')) as Operation[];
  const project = {
    name: operations[0]?.project,
    engine: { kind: 'embedded', parallel: Number(parallel) },
    sandbox: { seed: 'bench', timeScale: 3600, faults: [] },
    environments: {},
    stacks: {},
  } as unknown as Project;
  const plain = automationEngine({ root, project });
  const source = goalSource(root, project, plain.title);
  const engine = source ? answeringByGoal(plain, { root, source, sample: 0 }) : plain;
  const counts: Record<string, number> = {};
  const failures: string[] = [];
  const room = { parallel: Number(parallel) };
  await pooled(operations, { room, stackOf: ({ stack }) => stack }, async (operation) => {
    const context = { signal: new AbortController().signal };
    const result = await (kind === 'up' ? engine.up(operation, context) : engine.preview(operation, context));
    if (!result.ok) failures.push(`${operation.stack}: ${result.failure.message}`);
    else
      for (const [key, count] of Object.entries(result.value.counts))
        counts[key] = (counts[key] ?? 0) + count;
  });
  await engine.close();
  writeSync(1, `${JSON.stringify({ operations: operations.length, counts, failures })}\n`);
}

void drive(process.argv.slice(2));
