import type { Scenario, Step } from '../corpus';
import { type Entry, type Fields, type Program, repaired } from './program';

/** Scenarios that are smaller by one thing each, the boldest first: a step, a resource everywhere, a property, an option. */
export function* smaller(scenario: Scenario): Generator<Scenario> {
  const { steps } = scenario;
  const some = (kept: readonly Step[]): Scenario => ({ ...scenario, steps: kept });
  for (let index = steps.length - 2; index >= 0; index -= 1) yield some(steps.toSpliced(index, 1));
  for (const handle of handles(steps)) {
    yield some(steps.map((step) => without(step, (entry) => (nameOf(entry) === handle ? undefined : entry))));
  }
  for (const [index, step] of steps.entries()) {
    const { world: _, ...still } = step;
    if (step.world !== undefined) yield some(steps.with(index, still));
  }
  const drop = (change: (program: Program) => Program) =>
    some(steps.map((step) => ({ ...step, program: repaired(change(step.program as Program)) })));
  if (steps.some((step) => (step.program as Program).outputs !== undefined)) {
    yield drop(({ resources }) => ({ resources }));
  }
  for (const handle of handles(steps)) {
    for (const part of ['opts', 'props'] as const) {
      for (const key of keysOf(steps, handle, part)) {
        yield some(
          steps.map((step) =>
            without(step, (entry) => (nameOf(entry) === handle ? less(entry, part, key) : entry)),
          ),
        );
      }
    }
  }
}

function nameOf(entry: Entry): string {
  return `${entry.kind ?? ''} ${entry.as ?? entry.name ?? entry.throw ?? ''}`;
}

function handles(steps: readonly Step[]): Set<string> {
  return new Set(steps.flatMap(({ program }) => (program as Program).resources.map(nameOf)));
}

function keysOf(steps: readonly Step[], handle: string, part: 'opts' | 'props'): Set<string> {
  const entries = steps.flatMap(({ program }) => (program as Program).resources);
  return new Set(
    entries.filter((entry) => nameOf(entry) === handle).flatMap((entry) => Object.keys(entry[part] ?? {})),
  );
}

function less(entry: Entry, part: 'opts' | 'props', key: string): Entry {
  const fields: Fields = { ...entry[part] };
  delete fields[key];
  return { ...entry, [part]: fields };
}

function without(step: Step, change: (entry: Entry) => Entry | undefined): Step {
  const program = step.program as Program;
  const resources = program.resources.map(change).filter((entry) => entry !== undefined);
  return { ...step, program: repaired({ ...program, resources }) };
}

/** The smallest scenario found within `most` trials that still shows what `shows` looks for. */
export async function shrunk(
  scenario: Scenario,
  shows: (candidate: Scenario) => Promise<boolean>,
  most: number,
): Promise<Scenario> {
  let best = scenario;
  let left = most;
  for (let isSmaller = true; isSmaller && left > 0; ) {
    isSmaller = false;
    for (const candidate of smaller(best)) {
      if (left === 0) break;
      if (JSON.stringify(candidate) === JSON.stringify(best)) continue;
      left -= 1;
      if (!(await shows(candidate))) continue;
      best = candidate;
      isSmaller = true;
      break;
    }
  }
  return best;
}
