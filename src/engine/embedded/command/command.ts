import type { EngineEvent, PulumiCommand } from '@pulumi/pulumi/automation';
import { SemVer } from 'semver';
import type { ProviderHost } from '../provider';
import { CLI_VERSION } from '../state/checkpoint';
import { Refusal } from '../state/refusal';
import { parseArguments, withEnvironment } from './arguments';
import { type CommandResult, failedCommand } from './failure';
import { findVerb } from './verbs';

export interface EmbeddedOptions {
  /** Providers by package; those that `PULUMI_DEBUG_PROVIDERS` names come before them. */
  readonly providers: ProviderHost;
  /** Gets every event as it happens; the event log then gets only what the Automation API itself waits for. */
  readonly observe?: (event: EngineEvent) => void;
}

type Listener = (text: string) => void;

/** What the Automation API asks of a command; its own type keeps `run` to itself. */
export interface Command {
  readonly command: string;
  readonly version: SemVer;
  run(
    args: string[],
    cwd: string,
    additionalEnv: Readonly<Record<string, string>>,
    onOutput?: Listener,
    onError?: Listener,
    signal?: AbortSignal,
  ): Promise<CommandResult>;
}

/**
 * The embedded engine as the command of an Automation API workspace (`LocalWorkspaceOptions.pulumiCommand`): runs each
 * command in this process. May serve several stacks, also at the same time; keeps nothing between commands.
 * Failures are the Automation API's own errors, with the real CLI's texts.
 */
export function embeddedCommand({ providers, observe }: EmbeddedOptions): PulumiCommand & Command {
  const command: Command = {
    command: 'pulumi',
    version: new SemVer(CLI_VERSION),
    async run(args, cwd, additionalEnv, onOutput, onError, signal = new AbortController().signal) {
      const given = args.includes('--non-interactive') ? args : [...args, '--non-interactive'];
      const stdout: string[] = [];
      const stderr: string[] = [];
      const tell = (to: string[], listener: Listener | undefined) => (text: string) => {
        to.push(text);
        listener?.(`${text}\n`);
      };
      const warn = tell(stderr, onError);
      try {
        const { name, verb, rest } = findVerb(given);
        const env = { ...process.env, ...additionalEnv };
        await verb.perform({
          verb: name,
          arguments: parseArguments(name, withEnvironment(rest, verb, env), verb),
          cwd,
          env,
          providers,
          ...(observe === undefined ? {} : { observe }),
          signal,
          print: tell(stdout, onOutput),
          warn,
        });
      } catch (error) {
        if (error instanceof Refusal && error.message !== '') warn(`error: ${error.message}`);
        // Anything but a Refusal is a bug of this engine: its stack is what a report needs.
        else if (!(error instanceof Refusal)) warn(`error: ${error instanceof Error ? error.stack : error}`);
        throw failedCommand({
          args: given,
          code: error instanceof Refusal ? error.exitCode : 255,
          stdout: stdout.join('\n'),
          stderr: stderr.join('\n'),
        });
      }
      return { stdout: stdout.join('\n'), stderr: stderr.join('\n'), code: 0 };
    },
  };
  // PulumiCommand's constructor is private: only its shape can be met.
  return command as PulumiCommand & Command;
}
