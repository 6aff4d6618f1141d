import { Command, CommanderError, Option } from 'commander';
import { frames } from '../config/frame';
import { plural } from '../report/words';
import { COMMANDS } from './commands';
import { EXIT, EXIT_TEXT, type ExitCode } from './exit';
import { npmCorrection } from './npm-options';
import { type Output, output } from './output';
import { Stop } from './stop';
import { version } from './version';

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
  try {
    const wanted = npmCorrection(argv, process.env);
    if (wanted !== undefined) {
      throw new Stop(EXIT.usage, 'npm kept options for itself; nothing was done', {
        remedy: `with "--" before the options: ${wanted}`,
      });
    }
    let code: ExitCode = EXIT.done;
    await program(out, (ended) => {
      code = ended;
    }).parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return report(out, error, argv[0]);
  }
}

function program(out: Output, onEnd: (code: ExitCode) => void): Command {
  const root = new Command('signalbox')
    .description(
      'Release tracks for Pulumi: promote component code, preview every subscriber, roll out wave by wave, take back what fails.',
    )
    .version(version(), '-V, --version')
    // After a command's name `--version` is that command's own option.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .showHelpAfterError(false)
    .addHelpText(
      'after',
      `\nExit codes:\n${EXIT_TEXT.map(([code, text]) => `  ${String(code).padStart(3)}  ${text}`).join('\n')}`,
    );
  for (const spec of COMMANDS) {
    const parent = spec.group === undefined ? root : group(root, spec.group);
    const command = parent
      .command(spec.name)
      .description(spec.description)
      .exitOverride()
      .configureOutput({ writeErr: () => {} });
    for (const option of spec.options)
      command.addOption(toOption(option.flags, option.text, option.choices, option.default));
    command.addOption(new Option('--json', 'one JSON object a line, the result last'));
    command.addOption(
      new Option('--cwd <folder>', 'the repository, where it is not this folder or one above'),
    );
    command.allowExcessArguments(false);
    for (const argument of spec.arguments ?? []) command.argument(argument.name, argument.text);
    command.addHelpText(
      'after',
      `\nExample:\n  ${spec.example}\n\nExit codes: ${spec.exits.map((code) => `${code} ${EXIT_TEXT.find(([known]) => known === code)?.[1] ?? ''}`).join(' · ')}`,
    );
    command.action(async () => {
      onEnd(await spec.load()({ options: command.opts(), words: command.args, out }));
    });
  }
  return root;
}

function group(root: Command, [name, description]: readonly [string, string]): Command {
  return (
    root.commands.find((command) => command.name() === name) ??
    root
      .command(name)
      .description(description)
      .exitOverride()
      .configureOutput({ writeErr: () => {} })
  );
}

function toOption(flags: string, text: string, choices?: readonly string[], fallback?: string): Option {
  const option = new Option(flags, text);
  if (choices) option.choices([...choices]);
  if (fallback !== undefined) option.default(fallback);
  return option;
}

/** Every way a command can end early, said so that the reader knows what to do. */
function report(out: Output, error: unknown, command: string | undefined): ExitCode {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0 || error.code === 'commander.help')
      return error.code === 'commander.help' && command === undefined ? EXIT.usage : EXIT.done;
    return say(out, EXIT.usage, error.message.replace(/^error: /, ''), {
      remedy: `signalbox ${command && !command.startsWith('-') ? `${command} ` : ''}--help`,
    });
  }
  if (error instanceof Stop) return say(out, error.exitCode, error.message, error.detail);
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
    out.note(frames(detail.problems, detail.texts ?? new Map()));
    out.note(out.paint.quiet(`\n${plural(detail.problems.length, 'problem')}; nothing was done`));
  }
  if (message !== '') out.note(`${out.paint.bad('✖')} ${message}`);
  if (detail.remedy !== undefined) out.note(`  ${detail.remedy}`);
  return code;
}
