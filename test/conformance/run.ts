import { type ChildProcess, fork } from 'node:child_process';
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

/** What a process is asked for, and what it answers: a report for each step, then the end of the scenario. */
export interface Order {
  readonly corpus: string;
  readonly scenario: string;
  readonly strict: boolean;
}
export type Word =
  | { readonly kind: 'report'; readonly report: StepReport }
  /** `isClean`: nothing of the scenario is left that could speak up in a later one. */
  | { readonly kind: 'end'; readonly isClean: boolean };

/** Milliseconds of wall time a step may take before its process is given up. */
const SHARE = 65_000;

/**
 * Runs scenarios, one after the other, in a process of their own, which serves until a program has failed in it: what the
 * SDK leaves of a failed program still listens for errors. A program that takes its process down costs its own scenario only.
 */
export class Runner {
  private child: ChildProcess | undefined;

  constructor(
    private readonly corpus: Corpus,
    private readonly options: { readonly strict: boolean } = { strict: false },
  ) {}

  async run(name: string): Promise<StepReport[]> {
    const child = this.child ?? start();
    this.child = undefined;
    const scenario = readScenario(this.corpus, name);
    const reports: StepReport[] = [];
    const words: string[] = [];
    const hear = (text: unknown): void => void words.push(String(text));
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', hear);
    // A program in an endless loop lets no timer of its own process fire.
    const limit = setTimeout(() => child.kill('SIGKILL'), (scenario.steps.length + 1) * SHARE);
    const end = await new Promise<{ isClean: boolean } | { died: unknown }>((resolve) => {
      const stop = (code: unknown, signal: unknown): void => resolve({ died: code ?? signal });
      child.once('exit', stop);
      child.on('message', (word: Word) => {
        if (word.kind === 'report') reports.push(word.report);
        else resolve({ isClean: word.isClean });
      });
      child.send({ corpus: this.corpus.folder, scenario: name, ...this.options } satisfies Order);
    });
    clearTimeout(limit);
    for (const stream of [child.stdout, child.stderr]) stream?.off('data', hear);
    child.removeAllListeners();
    if (!('died' in end)) {
      if (end.isClean) this.child = child;
      else child.kill('SIGKILL');
      return reports;
    }
    const missing = scenario.steps
      .map(labelOf)
      .filter((label) => !reports.some(({ step }) => step === label));
    const got = `the process ended with ${end.died}: ${words.join('').trim().slice(-600)}`;
    return [
      ...reports,
      ...(missing.length > 0 ? missing : ['end']).map((step) => ({
        scenario: name,
        step,
        differences: [{ path: 'process', expected: 'a process that goes on', got }],
      })),
    ];
  }

  close(): void {
    this.child?.kill('SIGKILL');
    this.child = undefined;
  }
}

function start(): ChildProcess {
  return fork(join(__dirname, 'child.ts'), {
    execArgv: ['--require', require.resolve('ts-node/register')],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

/** Runs every scenario of a corpus, `atOnce` of them side by side; tells of each in the corpus's order. */
export async function runCorpus(
  corpus: Corpus,
  options: { readonly atOnce: number; readonly strict: boolean },
  tell: (reports: readonly StepReport[]) => void,
): Promise<StepReport[]> {
  const results: (readonly StepReport[])[] = [];
  let next = 0;
  let told = 0;
  const work = async (): Promise<void> => {
    const runner = new Runner(corpus, options);
    try {
      while (next < corpus.scenarios.length) {
        const index = next++;
        results[index] = await runner.run(corpus.scenarios[index] ?? '');
        for (; results[told] !== undefined; told += 1) tell(results[told] ?? []);
      }
    } finally {
      runner.close();
    }
  };
  await Promise.all(Array.from({ length: options.atOnce }, work));
  return results.flat();
}
