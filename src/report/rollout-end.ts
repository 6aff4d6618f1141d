import type { LedgerEvent, Outcome, RolloutEnded, StackEnd } from '../core/event';
import { wavesOf } from '../core/plan';
import type { RunEnd } from '../rollout/loop';
import { harmless } from './harmless';
import { list, OUTCOME, STACK_END } from './words';

/** Errors of one failed update that are shown; the rest is in the ledger. */
const MOST_DETAILS = 3;
/** Stack, project and parents stand elsewhere: `kubernetes:apps/v1:Deployment web` says which resource. */
const URN = /^urn:pulumi:[^\s:]+::[^\s:]+::(?:\S*\$)?(\S+?)::(\S+): /;

/** What came of a rollout, or why its driver stopped before its end. */
export function endSentence(end: RunEnd, release: string): string {
  switch (end.is) {
    case 'ended': {
      // Its reason says who did it, as a sentence of its own.
      if (end.outcome === 'aborted' && end.reason !== '') return `${release} ${harmless(end.reason)}`;
      const reason = end.reason === '' || end.outcome === 'converged' ? '' : `: ${harmless(end.reason)}`;
      return `${release} ${OUTCOME[end.outcome]}${reason}`;
    }
    case 'waiting':
      return `${release} waits: ${harmless(end.reason)}`;
    case 'blocked':
      return `${release} stopped: ${end.resource} is held by ${harmless(end.heldBy)}`;
    case 'cancelled':
      return `${release} was interrupted; nothing new was started`;
    case 'lease-lost':
      return `${release}: somebody else took over the track; this driver stopped`;
  }
}

/** The errors of updates that failed, then what became of every stack, alike ones together. */
export function endLines(events: readonly LedgerEvent[]): readonly string[] {
  const failures = events.flatMap((event) => {
    if (event.type !== 'apply-ended' || event.result === 'succeeded') return [];
    const details = event.failure?.details ?? [];
    const more = details.length - MOST_DETAILS;
    return [
      ...details
        .slice(0, MOST_DETAILS)
        .map((detail) => `  ${event.stack}: ${harmless(detail.replace(URN, '$1 $2: '))}`),
      ...(more > 0 ? [`  ${event.stack}: … and ${more} more`] : []),
    ];
  });
  const ended = events.findLast((event) => event.type === 'rollout-ended');
  const started = events.find((event) => event.type === 'rollout-started');
  const order = started ? wavesOf(started.plan).flatMap(({ stacks }) => stacks) : [];
  const open = ended ? [] : cutShort(events);
  return [
    ...failures,
    ...settling(events, started?.plan.track ?? ''),
    ...(open.length === 0 ? [] : [`  cut short, repeated on resume where it did not end: ${list(open, 20)}`]),
    ...stackEnds(ended ?? { stacks: {} }, order),
  ];
}

/** What a person does where nobody can know: `pulumi refresh` asks for each creation what became of it. */
function settling(events: readonly LedgerEvent[], track: string): readonly string[] {
  const last = new Map(
    events.flatMap((event) => (event.type === 'apply-ended' ? [[event.stack, event] as const] : [])),
  );
  return [...last.values()].flatMap(({ stack, suspects = [] }) =>
    suspects.length === 0
      ? []
      : [
          `  to settle ${stack}: look into the cloud, pulumi refresh --stack ${stack} (it asks what became of each creation), then npm run up -- --track ${track}`,
        ],
  );
}

/** Stacks whose update began and whose end nobody recorded. */
export function cutShort(events: readonly LedgerEvent[]): readonly string[] {
  const ended = new Set(events.flatMap((event) => (event.type === 'apply-ended' ? [event.deployment] : [])));
  return events.flatMap((event) =>
    event.type === 'apply-started' && !ended.has(event.deployment) ? [event.stack] : [],
  );
}

/** What was done first, what was not done last; stacks in the order of the plan, below them what was wrong with which. */
function stackEnds(
  { stacks, reasons = {} }: Pick<RolloutEnded, 'stacks' | 'reasons'>,
  order: readonly string[],
): readonly string[] {
  const all = [...new Set([...order, ...Object.keys(stacks)])];
  return (Object.keys(STACK_END) as StackEnd[]).flatMap((end) => {
    const names = all.filter((stack) => stacks[stack] === end);
    if (names.length === 0) return [];
    const why = names.flatMap((stack) => {
      const reason = reasons[stack];
      return reason === undefined ? [] : [`    ${stack}: ${harmless(reason)}`];
    });
    return [`  ${STACK_END[end]}: ${list(names, 20)}`, ...why];
  });
}

/** The command a person needs next, where the end of the rollout itself calls for one. */
export function nextCommand(end: RunEnd, track: string): string | undefined {
  if (end.is === 'waiting' && end.needs === 'approval') return `npm run accept -- --track ${track}`;
  if (end.is !== 'ended') return `npm run resume -- --track ${track}`;
  const byOutcome: Readonly<Record<Outcome, string | undefined>> = {
    converged: undefined,
    superseded: undefined,
    'rolled back': `npm run history -- --track ${track} --events`,
    aborted: `npm run status -- --track ${track}`,
    halted: `npm run rollback -- --track ${track} --dry-run`,
    stuck: `npm run history -- --track ${track} --events`,
  };
  return byOutcome[end.outcome];
}
