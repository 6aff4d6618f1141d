import { EXIT, type ExitCode } from './exit';
import type { Output } from './output';

/** A command as data; its code is loaded only when it runs, so that `--help` and `status` start fast. */
export interface CommandSpec {
  readonly name: string;
  /** Name and description of the command it belongs under. */
  readonly group?: readonly [string, string];
  readonly description: string;
  readonly options: readonly OptionSpec[];
  readonly arguments?: readonly { readonly name: string; readonly text: string }[];
  readonly example: string;
  readonly exits: readonly ExitCode[];
  load(): (call: Call) => Promise<ExitCode>;
}

export interface OptionSpec {
  readonly flags: string;
  readonly text: string;
  readonly choices?: readonly string[];
  readonly default?: string;
}

export interface Call {
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly words: readonly string[];
  readonly out: Output;
}

const TRACK: OptionSpec = { flags: '--track <track>', text: 'the track' };
const DRY_RUN: OptionSpec = { flags: '--dry-run', text: 'show everything, change nothing' };
const YES: OptionSpec = { flags: '--yes', text: 'do not ask (skips questions, never gates)' };
const COMMIT: OptionSpec = { flags: '--commit', text: 'commit the moved pins' };
const AGAIN: OptionSpec = { flags: '--again', text: 'also a release that was taken back before' };
const DIGEST: readonly OptionSpec[] = [
  { flags: '--no-digest', text: 'ask the engine also where nothing the program is given has changed' },
  { flags: '--sample <n>', text: 'how many stacks that need no engine are asked all the same (1)' },
];
const WAITING: readonly OptionSpec[] = [{ flags: '--waiting-ok', text: 'exit code 0 where it would be 10' }];
const ROLLOUT_EXITS = [
  EXIT.done,
  EXIT.usage,
  EXIT.deployment,
  EXIT.notFound,
  EXIT.cancelled,
  EXIT.waiting,
  EXIT.unhealthy,
  EXIT.takenBack,
  EXIT.held,
];
const VENDOR = ['vendor', 'the pinned snapshots in the track folders'] as const;

const ENGINE = ['engine', 'the Pulumi CLI, where engine: { kind: pulumi }'] as const;
const SANDBOX = ['sandbox', 'the pretend cloud of this repository'] as const;

export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'promote',
    description:
      'Move a track to its upstream’s proven release (a first track: to a commit of trunk) and roll it out.',
    options: [
      TRACK,
      { flags: '--to <release|commit>', text: 'an older release of the upstream, or a commit of trunk' },
      DRY_RUN,
      YES,
      COMMIT,
      AGAIN,
      ...DIGEST,
      ...WAITING,
    ],
    example: 'signalbox promote --track beta',
    exits: ROLLOUT_EXITS,
    load: () => (require('./commands/promote') as typeof import('./commands/promote')).promote,
  },
  {
    name: 'up',
    description:
      'Roll out what the track’s folder pins now: after a merge, or after the pinned commit was reverted.',
    options: [TRACK, DRY_RUN, YES, AGAIN, ...DIGEST, ...WAITING],
    example: 'signalbox up --track beta',
    exits: ROLLOUT_EXITS,
    load: () => (require('./commands/up') as typeof import('./commands/up')).up,
  },
  {
    name: 'preview',
    description: 'What would change, everywhere, without touching anything.',
    options: [
      { flags: '--track <track>', text: 'every subscriber of this track' },
      { flags: '--promote', text: 'with the track moved to its upstream’s release' },
      { flags: '--stack <stack>', text: 'one stack' },
      { flags: '--channel <channel>', text: 'the stacks of one channel' },
      { flags: '--all', text: 'every stack (the default)' },
      {
        flags: '--format <format>',
        text: 'how it is written',
        choices: ['text', 'markdown', 'json'],
        default: 'text',
      },
      { flags: '--refresh', text: 'read every resource first: says what is otherwise than the state, too' },
      {
        flags: '--expect-no-changes',
        text: 'exit code 7 where anything would change, or is otherwise than the state says',
      },
      ...DIGEST,
    ],
    example: 'signalbox preview --all --format markdown',
    exits: [EXIT.done, EXIT.failed, EXIT.usage, EXIT.notFound, EXIT.unexpectedChanges],
    load: () => (require('./commands/preview') as typeof import('./commands/preview')).preview,
  },
  {
    name: 'status',
    description: 'What runs where since when, what is under way, what is awaited.',
    options: [{ flags: '--track <track>', text: 'only this track' }],
    example: 'signalbox status',
    exits: [EXIT.done, EXIT.usage, EXIT.notFound],
    load: () => (require('./commands/status') as typeof import('./commands/status')).status,
  },
  {
    name: 'history',
    description: 'What happened, from the ledger.',
    options: [
      { flags: '--stack <stack>', text: 'the updates of one stack' },
      { flags: '--track <track>', text: 'only this track' },
      { flags: '--events', text: 'every entry, not only rollouts' },
    ],
    example: 'signalbox history --stack shop-eu1',
    exits: [EXIT.done, EXIT.usage, EXIT.notFound],
    load: () => (require('./commands/history') as typeof import('./commands/history')).history,
  },
  {
    name: 'rollback',
    description:
      'Put a track’s pins back to an older release and roll that out, with the same waves and checks.',
    options: [
      TRACK,
      { flags: '--to <release>', text: 'which one (by default the last proven one before)' },
      DRY_RUN,
      YES,
      COMMIT,
      AGAIN,
      ...DIGEST,
      ...WAITING,
    ],
    example: 'signalbox rollback --track beta',
    exits: ROLLOUT_EXITS,
    load: () => (require('./commands/rollback') as typeof import('./commands/rollback')).rollback,
  },
  {
    name: 'resume',
    description: 'Go on with a rollout that was interrupted or waits.',
    options: [{ flags: '--track <track>', text: 'which one, where several are open' }, ...DIGEST, ...WAITING],
    example: 'signalbox resume',
    exits: ROLLOUT_EXITS,
    load: () => (require('./commands/resume') as typeof import('./commands/resume')).resume,
  },
  {
    name: 'abort',
    description: 'Stop a rollout: nothing new starts, what is in flight ends.',
    options: [
      TRACK,
      { flags: '--take-back', text: 'take the touched stacks back too (otherwise they stay)' },
      { flags: '--reason <text>', text: 'for the ledger' },
    ],
    example: 'signalbox abort --track beta --take-back --reason "wrong image"',
    exits: [EXIT.done, EXIT.usage, EXIT.notFound, EXIT.cancelled, EXIT.takenBack],
    load: () => (require('./commands/abort') as typeof import('./commands/abort')).abort,
  },
  {
    name: 'accept',
    description:
      'Agree to what would change now in stacks of a rollout that are no longer as they were reviewed.',
    options: [
      TRACK,
      { flags: '--stack <stack>', text: 'only this one (by default all that wait)' },
      {
        flags: '--digest <digest>',
        text: 'only if it is exactly this, as an earlier look (--dry-run) said; asks nothing',
      },
      DRY_RUN,
      YES,
    ],
    example: 'signalbox accept --track beta --dry-run',
    exits: [
      EXIT.done,
      EXIT.usage,
      EXIT.deployment,
      EXIT.notFound,
      EXIT.unexpectedChanges,
      EXIT.cancelled,
      EXIT.held,
    ],
    load: () => (require('./commands/accept') as typeof import('./commands/accept')).accept,
  },
  {
    name: 'veto',
    description: 'Forbid a release to enter any further stack of its track, or allow it again.',
    options: [
      TRACK,
      { flags: '--release <release>', text: 'which one' },
      { flags: '--reason <text>', text: 'for the ledger' },
      { flags: '--lift', text: 'lift the veto' },
    ],
    example: 'signalbox veto --track beta --release beta.12 --reason "leaks memory"',
    exits: [EXIT.done, EXIT.usage, EXIT.notFound, EXIT.held],
    load: () => (require('./commands/veto') as typeof import('./commands/veto')).veto,
  },
  {
    name: 'explain',
    description: 'Where a stack’s values come from: file, line, and what was overridden.',
    options: [
      { flags: '--stack <stack>', text: 'the stack' },
      { flags: '--value <path>', text: 'one value, for example components.web.replicas' },
    ],
    example: 'signalbox explain --stack shop-eu1 --value components.web.replicas',
    exits: [EXIT.done, EXIT.usage, EXIT.notFound],
    load: () => (require('./commands/explain') as typeof import('./commands/explain')).explain,
  },
  {
    name: 'pull',
    group: VENDOR,
    description:
      'Take a track’s content from its source: a first track from a commit of trunk, others from their upstream’s folder.',
    options: [
      TRACK,
      { flags: '--ref <ref>', text: 'branch, tag or commit of trunk' },
      { flags: '--component <names>', text: 'only these, separated by commas' },
    ],
    example: 'signalbox vendor pull --track alpha --ref main',
    exits: [EXIT.done, EXIT.usage, EXIT.notFound],
    load: () => (require('./commands/vendor') as typeof import('./commands/vendor')).vendorPull,
  },
  {
    name: 'check',
    group: VENDOR,
    description: 'Check that every track folder is what its lock and pins say.',
    options: [{ flags: '--track <track>', text: 'only this track' }],
    example: 'signalbox vendor check',
    exits: [EXIT.done, EXIT.usage, EXIT.notFound],
    load: () => (require('./commands/vendor') as typeof import('./commands/vendor')).vendorCheck,
  },
  {
    name: 'diff',
    group: VENDOR,
    description: 'What a pull would change, file by file.',
    options: [TRACK, { flags: '--ref <ref>', text: 'branch, tag or commit of trunk' }],
    example: 'signalbox vendor diff --track beta',
    exits: [EXIT.done, EXIT.usage, EXIT.notFound],
    load: () => (require('./commands/vendor') as typeof import('./commands/vendor')).vendorDiff,
  },
  {
    name: 'serve',
    group: SANDBOX,
    description:
      'Serve the sandbox cloud on loopback ports until Ctrl-C, so that plain `pulumi` works on it; prints the variable it needs.',
    options: [{ flags: '--port-file <file>', text: 'write the line that is printed into this file too' }],
    example: 'signalbox sandbox serve --port-file .signalbox/sandbox.env',
    exits: [EXIT.done, EXIT.usage],
    load: () => (require('./commands/sandbox') as typeof import('./commands/sandbox')).sandboxServe,
  },
  {
    name: 'install',
    group: ENGINE,
    description:
      'Install the Pulumi CLI into the Pulumi home with the SDK’s own installer, where `engine: { kind: pulumi }` finds it.',
    options: [{ flags: '--version <version>', text: 'which one (by default that of the SDK)' }],
    example: 'signalbox engine install --version 3.258.0',
    exits: [EXIT.done, EXIT.failed, EXIT.usage],
    load: () => (require('./commands/engine') as typeof import('./commands/engine')).engineInstall,
  },
  {
    name: 'doctor',
    description: 'Check the machine, the repository, the engine and the ledger, and say what is missing.',
    options: [],
    example: 'signalbox doctor',
    exits: [EXIT.done, EXIT.failed, EXIT.usage],
    load: () => (require('./commands/doctor') as typeof import('./commands/doctor')).doctor,
  },
];
