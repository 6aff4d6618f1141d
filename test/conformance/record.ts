import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { type EngineEvent, PulumiCommand } from '@pulumi/pulumi/automation';
import { SemVer } from 'semver';
import { type Corpus, labelOf, type Outcome, readScenario, type Step } from './corpus';
import { drive } from './drive';

/** What a real CLI did in one step, as a corpus keeps it. */
export interface Recording extends Outcome {
  readonly op: Step['op'];
  /** The argument vectors that the Automation API ran. */
  readonly argv: readonly (readonly string[])[];
}

/** Where in the interpreter a resource was made: of no interest, and of this machine. */
const PLACES: ReadonlySet<string> = new Set(['sourcePosition', 'stackTrace']);
const REPOSITORY = resolve(__dirname, '../..');

/**
 * Runs a scenario on the CLI at `path` and yields each step as labelled recording. Ports, this machine's paths and debug
 * diagnostics (they carry secrets in plain text) are left out; the checkpoint is as the CLI wrote it.
 */
export async function* record(
  corpus: Corpus,
  name: string,
  path: string,
): AsyncGenerator<{ readonly label: string; readonly recording: Recording }> {
  const scenario = readScenario(corpus, name);
  const argv: string[][] = [];
  const command = await cliCommand(path, (args) => argv.push(args));
  let index = 0;
  for await (const { result, error, events, provider, state } of drive(corpus, scenario, command)) {
    const step = scenario.steps[index];
    if (step === undefined) throw new Error(`${name} went on after its last step`);
    const recording = {
      op: step.op,
      argv: argv.splice(0),
      ...(error === undefined ? { result } : { error }),
      events: (events as EngineEvent[]).filter(isKept).map(({ sequence, timestamp, ...event }) => event),
      provider,
      state,
    };
    yield { label: labelOf(step, index), recording: portable(recording, path) };
    index += 1;
  }
}

/** The SDK's own command for the CLI at `path`, whose argument vectors are told as the CLI gets them. */
export async function cliCommand(
  path: string,
  onRun: (args: string[]) => void = () => undefined,
): Promise<PulumiCommand> {
  const { stdout } = await promisify(execFile)(path, ['version'], {
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: 'true' },
  });
  const told = new SemVer(stdout.trim().replace(/^v/, ''));
  // The constructor is private, and PulumiCommand.get takes only a folder with a certain layout.
  const command: PulumiCommand & Pick<Runner, 'run'> = Reflect.construct(PulumiCommand, [path, told]);
  const run = command.run.bind(command);
  command.run = (args, ...rest) => {
    onRun(args.includes('--non-interactive') ? [...args] : [...args, '--non-interactive']);
    return run(args, ...rest);
  };
  return command;
}

interface Runner {
  run(args: string[], ...rest: unknown[]): Promise<unknown>;
}

function isKept({ diagnosticEvent }: EngineEvent): boolean {
  // The SDK's type does not know what the CLI sends.
  return String(diagnosticEvent?.severity) !== 'debug';
}

/** Without what belongs to this machine and this minute: ports and paths. */
function portable(recording: Recording, cli: string): Recording {
  const temporary = new RegExp(`${escaped(tmpdir())}/signalbox-conformance-[A-Za-z0-9]+`, 'g');
  const places = new RegExp(`(file://)?${escaped(REPOSITORY)}/(test/fixtures/conformance/)?`, 'g');
  const text = JSON.stringify(recording)
    .replace(/(127\.0\.0\.1):\d+/g, '$1:<PORT>')
    .replaceAll(cli, 'pulumi')
    .replace(temporary, '<TEMP>')
    .replace(places, '');
  return JSON.parse(text, (key, value) => (PLACES.has(key) ? undefined : value));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
