import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** A folder of scenarios and what the real engine did with them (its README says how they were made). */
export interface Corpus {
  readonly folder: string;
  /** `interpret.cjs` and `lab-provider.cjs`: the corpus's own, or the ones recorded with. */
  readonly interpreter: string;
  readonly provider: string;
  readonly scenarios: readonly string[];
}

export interface Scenario {
  readonly title: string;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly op: 'preview' | 'up' | 'refresh' | 'destroy';
  readonly program: unknown;
  readonly config?: Readonly<Record<string, string | { readonly value: string; readonly secret?: boolean }>>;
  readonly stack?: string;
  readonly world?: Readonly<Record<string, unknown>>;
  readonly fails?: boolean;
  /** Options of the Automation API's call: `target`, `refresh`, `previewOnly`, … */
  readonly options?: Readonly<Record<string, unknown>>;
  /** The text of `Pulumi.yaml`, from this step on. */
  readonly project?: string;
  /** Environment variables of this step's commands. */
  readonly env?: Readonly<Record<string, string>>;
  /** Fields that are set in the state before the step, by the last part of a URN. */
  readonly edit?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What one step led to: as recorded, or as this engine did it. */
export interface Outcome {
  readonly result?: unknown;
  readonly error?: unknown;
  readonly events: readonly unknown[];
  readonly provider: readonly unknown[];
  readonly state: unknown;
}

const OWN = resolve(__dirname, '../fixtures/conformance');

export const FIXTURES = OWN;
/** Our own scenarios, whose interpreter knows more values and options. */
export const WIDER = resolve(__dirname, '../fixtures/conformance-more');

/** Opens a corpus; throws where the folder has no scenarios. */
export function openCorpus(folder: string, only?: string): Corpus {
  const path = resolve(folder);
  const scenarios = readdirSync(join(path, 'scenarios'))
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .filter((name) => only === undefined || name === only)
    .sort();
  return {
    folder: path,
    interpreter: ownOr(path, 'interpret.cjs'),
    provider: ownOr(path, 'lab-provider.cjs'),
    scenarios,
  };
}

export function readScenario(corpus: Corpus, name: string): Scenario {
  return JSON.parse(readFileSync(join(corpus.folder, 'scenarios', `${name}.json`), 'utf8'));
}

/** The recording of a step (from 1), undefined where there is none. */
export function readRecording(corpus: Corpus, name: string, label: string): Outcome | undefined {
  const path = join(corpus.folder, 'recordings', name, `${label}.json`);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** Labels of all recorded steps: `01-preview`, `02-up`, … */
export function recordedSteps(corpus: Corpus, name: string): string[] {
  const folder = join(corpus.folder, 'recordings', name);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

export function labelOf(step: Step, index: number): string {
  return `${String(index + 1).padStart(2, '0')}-${step.op}`;
}

function ownOr(folder: string, file: string): string {
  for (const place of [folder, dirname(folder), OWN]) {
    const path = join(place, file);
    if (existsSync(path)) return path;
  }
  return join(OWN, file);
}
