import { compare, type Difference } from './compare';
import { type Corpus, labelOf, readRecording, readScenario, recordedSteps } from './corpus';
import { drive } from './drive';
import { Normaliser } from './normalise';
import type { StepReport } from './run';

/** Runs a scenario in this process and compares each step; a step without a recording and a recording without a step differ. */
export async function* runScenario(
  corpus: Corpus,
  name: string,
  options: { readonly strict: boolean },
): AsyncGenerator<{ readonly report: StepReport; readonly isFailed: boolean }> {
  const scenario = readScenario(corpus, name);
  const [expected, got] = [new Normaliser(options), new Normaliser(options)];
  const unseen = new Set(recordedSteps(corpus, name));
  let index = 0;
  for await (const outcome of drive(corpus, scenario)) {
    const step = scenario.steps[index];
    const label = step === undefined ? 'unknown' : labelOf(step, index);
    index += 1;
    unseen.delete(label);
    const recording = readRecording(corpus, name, label);
    const normal = got.normal(outcome);
    const differences =
      recording === undefined
        ? [{ path: 'recording', expected: 'absent', got: 'a step that was never recorded' }]
        : [...compare(expected.normal(recording), normal), ...broken(outcome.error)];
    yield { report: { scenario: name, step: label, differences }, isFailed: outcome.error !== undefined };
  }
  for (const label of unseen) {
    const differences = [{ path: 'scenario', expected: 'a recorded step', got: 'absent' }];
    yield { report: { scenario: name, step: label, differences }, isFailed: false };
  }
}

/** An error that the real engine would never give is a difference, whatever else was recorded. */
function broken(error: unknown): Difference[] {
  const text = typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : '';
  const bug = /no end within \d+ s|Command failed with exit code 255[^\n]*\n[^\n]*/.exec(text)?.[0];
  return bug === undefined ? [] : [{ path: 'error', expected: 'none of this kind', got: bug }];
}
