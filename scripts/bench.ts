import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { realCli } from '../test/bench/real';
import { REAL_ROW, type Result, ROWS, type Row } from '../test/bench/rows';
import { Workshop } from '../test/bench/workshop';

const USAGE = 'bench [--only NAME] [--stacks N] [--json]';

type Line = { readonly name: string; readonly what: string } & (
  | { readonly result: Result; readonly isMet: boolean }
  | { readonly failure: string }
);

/** Measures what Signalbox promises of its speed; exits 0 once all rows were measured, whether or not their goals were met. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      stacks: { type: 'string', default: '100' },
      json: { type: 'boolean', default: false },
    },
  });
  const rows = [...ROWS, ...(realCli() === undefined ? [] : [REAL_ROW])];
  const chosen = rows.filter(({ name, group }) => [undefined, name, group].includes(values.only));
  const stacks = Number(values.stacks);
  if (chosen.length === 0)
    return refuse(`no row ${values.only}; rows: ${rows.map(({ name }) => name).join(', ')}`);
  if (!Number.isInteger(stacks) || stacks < 1)
    return refuse(`--stacks ${values.stacks} is no number of stacks`);
  const machine = {
    cores: availableParallelism(),
    model: cpus()[0]?.model ?? 'unknown',
    node: process.version,
    load: loadavg()[0] ?? 0,
  };
  if (!values.json) {
    console.log(
      `${stacks} stacks × 32 resources; ${machine.cores} cores (${machine.model}), ${machine.node}, load ${machine.load.toFixed(1)}`,
    );
    if (stacks !== 100) console.log('the goals are those of 100 stacks');
    if (realCli() === undefined)
      console.log('SIGNALBOX_PULUMI names no CLI: the plain loop is quoted, the row `real` left out');
  }
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-bench-'));
  const lines: Line[] = [];
  try {
    const shop = new Workshop({ folder, stacks });
    for (const row of chosen) {
      const line = await measured(row, shop, folder);
      lines.push(line);
      if (!values.json) console.log(text(line));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (values.json) console.log(JSON.stringify({ stacks, machine, rows: lines }, undefined, 2));
  return lines.some((line) => 'failure' in line) ? 1 : 0;
}

async function measured(row: Row, shop: Workshop, folder: string): Promise<Line> {
  const { name, what } = row;
  try {
    const result = await row.measure(shop, folder);
    return { name, what, result, isMet: result.value <= result.goal };
  } catch (error) {
    return { name, what, failure: error instanceof Error ? error.message : String(error) };
  }
}

function text(line: Line): string {
  const head = `${line.name.padEnd(16)} ${line.what.padEnd(52)}`;
  if ('failure' in line) return `${head} not measured: ${line.failure}`;
  const { value, unit, goal, reference, ratio, cpu, load } = line.result;
  return [
    head,
    `${value.toFixed(unit === 'MB' ? 0 : 2)} ${unit}`.padStart(9),
    `goal ≤ ${Number(goal.toFixed(1))} ${unit}`.padEnd(14),
    line.isMet ? 'met   ' : 'MISSED',
    ...(ratio === undefined || unit === '×' ? [] : [`${ratio.toFixed(2)} × of`]),
    reference,
    ...(cpu === undefined ? [] : [`· ${cpu.toFixed(1)} CPU-s`]),
    ...(load === undefined ? [] : [`· load ${load.toFixed(1)}`]),
  ].join(' ');
}

function refuse(words: string): number {
  console.error(`${words}\nusage: ${USAGE}`);
  return 2;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(`${error instanceof Error ? error.message : error}\nusage: ${USAGE}`);
    process.exitCode = 2;
  },
);
