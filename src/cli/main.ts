import { Command, CommanderError, Option } from 'commander';
import { frames } from '../config/frame';
import { plural } from '../report/words';
import { commandIn, helpCommand, withHelp } from './command-words';
import { COMMANDS } from './commands';
import { EXIT, EXIT_TEXT, type ExitCode } from './exit';
import { npmCorrection } from './npm-options';
import { type Output, output } from './output';
import { outliveReaders } from './readers';
import { Stop } from './stop';
import { version } from './version';
import { worldFailure } from './world-failure';

/** What every command gets besides its own options. */
export interface Globals {
  readonly cwd: string;
  readonly json: boolean;
}

/** argv → exit code. The only place that decides what an error means to the shell. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  const isJson =
    argv.includes('--json') || argv.join(' ').includes('--format json') || argv.includes('--format=json');
  const out = output({ json: isJson });
  const readers = outliveReaders(process);
  const words = withHelp(argv);
  const code = await run(words, out);
  return readers.exitCode(code, isRollout(words));
}

async function run(words: readonly string[], out: Output): Promise<ExitCode> {
  try {
    const wanted = npmCorrection(words, process.env);
    if (wanted !== undefined) {
      throw new Stop(EXIT.usage, 'npm kept options for itself; nothing was done', {
        remedy: `with "--" before the options: ${wanted}`,
      });
    }
    let code: ExitCode = EXIT.done;
    await program(out, (ended) => {
      code = ended;
    }).parseAsync([...words], { from: 'user' });
    return code;
  } catch (error) {
    return report(out, error, words);
  }
}

function isRollout(words: readonly string[]): boolean {
  const { path } = commandIn(words);
  const spec = COMMANDS.find(({ name, group }) => !group && name === path[0]);
  return spec?.exits.includes(EXIT.takenBack) ?? false;
}

function program(out: Output, onEnd: (code: ExitCode) => void): Command {
  const root = new Command('signalbox')
    .description(
      'Release tracks for Pulumi: promote component code, preview every subscriber, roll out wave by wave, take back what fails.',
    )
    .version(version(), '-V, --version')
    // After a command's name `--version` is that command's own option.
    .enablePositionalOptions()
    .addHelpText(
      'after',
      `\nExit codes:\n${EXIT_TEXT.map(([code, text]) => `  ${String(code).padStart(3)}  ${text}`).join('\n')}`,
    );
  prepare(root, out);
  for (const spec of COMMANDS) {
    const parent = spec.group === undefined ? root : group(root, spec.group, out);
    const command = parent.command(spec.name).description(spec.description);
    for (const option of spec.options)
      command.addOption(toOption(option.flags, option.text, option.choices, option.default));
    prepare(command, out);
    command.allowExcessArguments(false);
    for (const argument of spec.arguments ?? []) command.argument(argument.name, argument.text);
    command.addHelpText(
      'after',
      `\nExample:\n  ${spec.example}\n\nExit codes: ${spec.exits.map((code) => `${code} ${EXIT_TEXT.find(([known]) => known === code)?.[1] ?? ''}`).join(' · ')}`,
    );
    command.action(async () => {
      onEnd(await spec.load()({ options: command.optsWithGlobals(), words: command.args, out }));
    });
  }
  return root;
}

function group(root: Command, [name, description]: readonly [string, string], out: Output): Command {
  const known = root.commands.find((command) => command.name() === name);
  return known ?? prepare(root.command(name).description(description), out);
}

/** What every command has, also the one without a name: its errors are told by `report`, its help where nobody asked by notes. */
function prepare(command: Command, out: Output): Command {
  return command
    .exitOverride()
    .configureOutput({ outputError: () => {}, writeErr: (text) => out.isJson || out.note(text.trimEnd()) })
    .addOption(new Option('--json', 'one JSON object a line, the result last'))
    .addOption(new Option('--cwd <folder>', 'the repository, where it is not this folder or one above'));
}

function toOption(flags: string, text: string, choices?: readonly string[], fallback?: string): Option {
  const option = new Option(flags, text);
  if (choices) option.choices([...choices]);
  if (fallback !== undefined) option.default(fallback);
  return option;
}

/** Every way a command can end early, said so that the reader knows what to do. */
function report(out: Output, error: unknown, words: readonly string[]): ExitCode {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.done;
    const message =
      error.code === 'commander.help' ? 'no command is given' : error.message.replace(/^error: /, '');
    return say(out, EXIT.usage, message, { remedy: helpCommand(words, message) });
  }
  if (error instanceof Stop) return say(out, error.exitCode, error.message, error.detail);
  const failure = worldFailure(error);
  if (failure !== undefined)
    return say(out, EXIT.failed, failure, {
      remedy: 'nothing that is recorded is lost: see to the disk, then look with npm run status',
    });
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return say(out, EXIT.bug, `a bug in Signalbox: ${text}`, {
    remedy: 'please report this text with what you ran; nothing is lost, the ledger says what happened',
  });
}

function say(out: Output, code: ExitCode, message: string, detail: Stop['detail']): ExitCode {
  if (out.isJson) {
    out.result({
      outcome: 'error',
      exitCode: code,
      message,
      ...(detail.problems ? { problems: detail.problems } : {}),
      ...(detail.remedy ? { remedy: detail.remedy } : {}),
      ...detail.data,
    });
    return code;
  }
  if (detail.problems) {
    out.note(frames(detail.problems, detail.texts ?? new Map(), out.paint.width));
    out.note(out.paint.quiet(`\n${plural(detail.problems.length, 'problem')}; nothing was done`));
  }
  if (message !== '') out.note(`${out.paint.bad('✖')} ${message}`);
  if (detail.remedy !== undefined) out.note(`  ${detail.remedy}`);
  return code;
}
