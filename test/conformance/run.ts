import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { compare, type Difference } from './compare';
import { type Corpus, labelOf, readRecording, readScenario, recordedSteps } from './corpus';
import { drive } from './drive';
import { Normaliser } from './normalise';

/** How one step went. */
export interface StepReport {
  readonly scenario: string;
  /** `02-up`. */
  readonly step: string;
  /** None where the step is identical. */
  readonly differences: readonly Difference[];
}

/** Runs a scenario in this process and compares each step; a step without a recording and a recording without a step differ. */
export async function* runScenario(corpus: Corpus, name: string): AsyncGenerator<StepReport> {
  const scenario = readScenario(corpus, name);
  const [expected, got] = [new Normaliser(), new Normaliser()];
  const unseen = new Set(recordedSteps(corpus, name));
  let index = 0;
  for await (const outcome of drive(corpus, scenario)) {
    const step = scenario.steps[index];
    const label = step === undefined ? 'unknown' : labelOf(step, index);
    index += 1;
    unseen.delete(label);
    const recording = readRecording(corpus, name, label);
    const normal = got.normal(outcome);
    yield {
      scenario: name,
      step: label,
      differences:
        recording === undefined
          ? [{ path: 'recording', expected: 'absent', got: 'a step that was never recorded' }]
          : [...compare(expected.normal(recording), normal), ...broken(outcome.error)],
    };
  }
  for (const label of unseen) {
    yield {
      scenario: name,
      step: label,
      differences: [{ path: 'scenario', expected: 'a recorded step', got: 'absent' }],
    };
  }
}

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
  const [code] = await once(child, 'exit');
  if (code === 0) return reports;
  const scenario = readScenario(corpus, name);
  const missing = scenario.steps.map(labelOf).filter((label) => !reports.some(({ step }) => step === label));
  const got = `the process ended with ${code}: ${words.join('').trim().slice(-600)}`;
  return [
    ...reports,
    ...(missing.length > 0 ? missing : ['end']).map((step) => ({
      scenario: name,
      step,
      differences: [{ path: 'process', expected: 'a process that goes on', got }],
    })),
  ];
}

/** An error that the real engine would never give is a difference, whatever else was recorded. */
function broken(error: unknown): Difference[] {
  const text = typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : '';
  const bug = /no end within \d+ s|Command failed with exit code 255[^\n]*\n[^\n]*/.exec(text)?.[0];
  return bug === undefined ? [] : [{ path: 'error', expected: 'none of this kind', got: bug }];
}
