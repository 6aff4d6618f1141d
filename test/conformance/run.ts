import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Difference } from './compare';
import { type Corpus, labelOf, readScenario } from './corpus';

/** How one step went. */
export interface StepReport {
  readonly scenario: string;
  /** `02-up`. */
  readonly step: string;
  /** None where the step is identical. */
  readonly differences: readonly Difference[];
}

/** Milliseconds of wall time a step may take before its process is given up. */
const SHARE = 65_000;

/** Runs a scenario in a process of its own: a program that takes its process down costs its own scenario only. */
export async function runForked(corpus: Corpus, name: string): Promise<StepReport[]> {
  const reports: StepReport[] = [];
  const words: string[] = [];
  const child: ChildProcess = fork(join(__dirname, 'child.ts'), [corpus.folder, name], {
    execArgv: ['--require', require.resolve('ts-node/register')],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.on('message', (report: StepReport) => reports.push(report));
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => words.push(String(text)));
  const scenario = readScenario(corpus, name);
  // A program in an endless loop lets no timer of its own process fire.
  const limit = setTimeout(() => child.kill('SIGKILL'), (scenario.steps.length + 1) * SHARE);
  const [code, killed] = await once(child, 'exit');
  clearTimeout(limit);
  if (code === 0) return reports;
  const missing = scenario.steps.map(labelOf).filter((label) => !reports.some(({ step }) => step === label));
  const got = `the process ended with ${code ?? killed}: ${words.join('').trim().slice(-600)}`;
  return [
    ...reports,
    ...(missing.length > 0 ? missing : ['end']).map((step) => ({
      scenario: name,
      step,
      differences: [{ path: 'process', expected: 'a process that goes on', got }],
    })),
  ];
}
