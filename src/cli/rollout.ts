import type { LedgerEvent, Outcome } from '../core/event';
import { trackOf } from '../core/fleet';
import type { Pins } from '../core/plan';
import { firstText, previewText } from '../report/preview-text';
import { statusOf, statusText } from '../report/status';
import { instantText } from '../report/time';
import { list, OUTCOME, plural, STACK_END } from '../report/words';
import { type Held, holdTrack } from '../rollout/lease';
import { type RunEnd, runRollout } from '../rollout/loop';
import { proposeRollout, type ReadyProposal, startRollout, type Wish } from '../rollout/start';
import { confirm } from './confirm';
import { EXIT, type ExitCode, exitOf } from './exit';
import { shown } from './previews';
import { readFleet } from './session';
import { Stop } from './stop';
import type { Work } from './work';

export interface RolloutOptions {
  readonly wish: Wish;
  /** Moves the working tree's pins; runs after everything was asked, before anything is recorded. */
  movePins?(): Promise<void>;
  /** After the rollout converged. */
  onConverged?(): Promise<void>;
  readonly command: string;
}

/** From a wish to the end of its rollout: lease, plan, previews, question, start, run, report. */
export async function rollOut(
  work: Work,
  { wish, movePins, onConverged, command }: RolloutOptions,
): Promise<ExitCode> {
  const { world, viewer, call, signal } = work;
  const held = await lease(work, wish.track);
  try {
    const open = trackOf(await readFleet(world.ports.ledger), wish.track).open;
    if (open) {
      viewer.say(`${open.kind} of ${open.release} is still open (${open.rollout}): going on with it`);
      return await carryOn(work, held, { track: wish.track, rollout: open.rollout, command, onConverged });
    }
    const proposal = await proposeRollout(world.ports, wish, signal, counter(work));
    if (signal.aborted) throw cancelled();
    switch (proposal.is) {
      case 'refused':
        throw new Stop(EXIT.usage, proposal.reason, refusalRemedy(wish, proposal.reason));
      case 'nothing':
        // The folder may still hold what was before: a checkout in which the moved pins were never committed.
        if (call.options['dryRun'] !== true) {
          await movePins?.();
          await onConverged?.();
        }
        return nothing(work, proposal, command);
      case 'failed':
        for (const { stack, failure } of proposal.failures)
          viewer.say(work.call.out.paint.bad(`✖ ${stack}: ${failure.message}`));
        throw new Stop(
          EXIT.deployment,
          `the preview of ${plural(proposal.failures.length, 'stack')} failed; nothing was changed`,
          {
            data: { failures: proposal.failures.map(({ stack, failure }) => ({ stack, ...failure })) },
          },
        );
      case 'ready':
        break;
    }
    show(work, proposal);
    if (call.options['dryRun'] === true) return dryRun(work, proposal, command);
    await confirm(work, proposal);
    await movePins?.();
    const started = await startRollout(world.ports, held, proposal);
    if ('refused' in started) throw new Stop(EXIT.held, started.refused);
    return await carryOn(work, held, { track: wish.track, rollout: started.rollout, command, onConverged });
  } finally {
    await held.release();
  }
}

/** Goes on with an open rollout until it ends or waits, and says truly what came of it. */
export async function carryOn(
  work: Work,
  held: Held,
  where: {
    readonly track: string;
    readonly rollout: string;
    readonly command: string;
    onConverged?: (() => Promise<void>) | undefined;
  },
): Promise<ExitCode> {
  const end = await runRollout(work.world.ports, held, where, work.signal);
  work.viewer.stop();
  if (end.is === 'ended' && end.outcome === 'converged') await where.onConverged?.();
  return report(work, where, end);
}

export async function lease(work: Work, track: string): Promise<Held> {
  const held = await holdTrack(work.world.ports, track);
  if (!('heldBy' in held)) return held;
  throw new Stop(
    EXIT.held,
    `${track} is being rolled out by ${held.heldBy}, who holds it until ${instantText(held.until as never)} and longer while at work`,
    {
      remedy: `watch it: npm run status -- --track ${track}`,
      data: { heldBy: held.heldBy },
    },
  );
}

export const counter = ({ viewer }: Work, all?: number) => {
  let done = 0;
  return (): void => {
    done += 1;
    if (all !== undefined) viewer.previewed(done, all);
  };
};

const cancelled = (): Stop => new Stop(EXIT.cancelled, 'cancelled; nothing was changed');

function refusalRemedy({ track }: Wish, reason: string): { readonly remedy?: string } {
  if (/is vetoed/.test(reason)) return { remedy: 'when its cause is gone, repeat the command with --again' };
  if (/has not proven/.test(reason))
    return { remedy: `roll it out there first: npm run up -- --track <upstream of ${track}>` };
  return {};
}

function show(work: Work, proposal: ReadyProposal): void {
  const { call, world } = work;
  const { release, plan, previews } = proposal;
  const from = proposal.wish.from ? `, copied from ${proposal.wish.from}` : '';
  const soaks = plan.channels.map(({ name, waves }) => `${name} ${plural(waves.length, 'wave')}`);
  const title = `${release.id} (${plan.kind}${from}) → ${plural(Object.keys(plan.targets).length, 'stack')}: ${soaks.join(' → ')}   [${world.ports.engine.title}]`;
  const stacks = previews.map(shown);
  const isFirst =
    plan.kind === 'baseline' &&
    stacks.every(({ counts }) => counts.update + counts.replace + counts.delete === 0);
  call.out.text(
    isFirst ? firstText({ title, stacks }, call.out.paint) : previewText({ title, stacks }, call.out.paint),
  );
  if (plan.already.length > 0) call.out.text(call.out.paint.quiet(`run it already: ${list(plan.already)}`));
  call.out.text('');
}

function nothing(
  work: Work,
  {
    release,
    already,
  }: {
    readonly release: { readonly id: string; readonly components: Pins };
    readonly already: readonly string[];
  },
  command: string,
): ExitCode {
  work.call.out.text(`nothing to do: every subscriber runs ${release.id} already (${list(already)})`);
  const stacks = Object.fromEntries(already.map((stack) => [stack, 'already']));
  work.call.out.result({
    command,
    outcome: 'nothing to do',
    release: release.id,
    stacks,
    ...around(work),
    exitCode: EXIT.done,
  });
  return EXIT.done;
}

function dryRun(work: Work, proposal: ReadyProposal, command: string): ExitCode {
  const { out } = work.call;
  out.text('dry run: nothing was changed');
  const stacks = Object.fromEntries(
    Object.keys(proposal.plan.targets).map((stack) => [stack, 'not started']),
  );
  out.result({
    command,
    outcome: 'dry run',
    release: proposal.release.id,
    stacks,
    plan: proposal.plan,
    ...around(work),
    exitCode: EXIT.done,
  });
  return EXIT.done;
}

const around = ({ world }: Work): Readonly<Record<string, string>> => ({
  engine: world.ports.engine.kind,
  cloud: world.ports.engine.cloud,
});

async function report(
  work: Work,
  where: { readonly track: string; readonly rollout: string; readonly command: string },
  end: RunEnd,
): Promise<ExitCode> {
  const { session, world, call } = work;
  const { out } = call;
  const entries = await world.ports.ledger.read(where.track);
  const events = entries
    .map(({ event }) => event)
    .filter((event) => 'rollout' in event && event.rollout === where.rollout);
  const started = events.find((event) => event.type === 'rollout-started');
  const ended = events.findLast((event) => event.type === 'rollout-ended');
  const fleet = await readFleet(world.ports.ledger);
  const now = world.ports.clock.now();
  // A baseline is only the first step of what was asked for.
  if (where.command !== 'baseline') {
    const title = `${where.track} · ${world.ports.engine.title}`;
    const status = statusOf(session.project, fleet, where.track);
    out.text(`\n${statusText(status, { now, paint: out.paint, title })}\n`);
  }
  const code = codeOf(end, events, call.options['waitingOk'] === true);
  const next = nextCommand(end, where.track);
  const said = sentenceOf(end, started?.release ?? '');
  out.text(
    end.is === 'ended' && end.outcome === 'converged'
      ? out.paint.good(`✔ ${said}`)
      : out.paint.bad(`✖ ${said}`),
  );
  if (ended && ended.outcome !== 'converged') out.text(stackEnds(ended.stacks));
  if (next !== undefined) out.text(`next: ${out.paint.strong(next)}`);
  out.result({
    command: where.command,
    outcome: end.is === 'ended' ? end.outcome : end.is,
    ...('reason' in end && end.reason !== '' ? { reason: end.reason } : {}),
    release: started?.release,
    rollout: where.rollout,
    stacks: ended?.stacks ?? {},
    ...around(work),
    ...(next === undefined ? {} : { next }),
    exitCode: code,
  });
  return code;
}

function codeOf(end: RunEnd, events: readonly LedgerEvent[], isWaitingOk: boolean): ExitCode {
  switch (end.is) {
    case 'ended':
      return exitOf(end.outcome, causeOf(events));
    case 'waiting':
      return isWaitingOk ? EXIT.done : EXIT.waiting;
    case 'blocked':
    case 'lease-lost':
      return EXIT.held;
    case 'cancelled':
      return EXIT.cancelled;
  }
}

/** What made the rollout stop, where something did. */
function causeOf(events: readonly LedgerEvent[]): 'apply' | 'health' | 'timeout' | undefined {
  if (events.some((event) => event.type === 'stack-unhealthy')) return 'health';
  const failed = events.find((event) => event.type === 'apply-ended' && event.result === 'failed');
  if (failed?.type !== 'apply-ended') return undefined;
  return failed.failure?.kind === 'timeout' ? 'timeout' : 'apply';
}

function sentenceOf(end: RunEnd, release: string): string {
  switch (end.is) {
    case 'ended':
      return `${release} ${OUTCOME[end.outcome]}${end.reason === '' || end.outcome === 'converged' ? '' : `: ${end.reason}`}`;
    case 'waiting':
      return `${release} waits: ${end.reason}`;
    case 'blocked':
      return `${release} stopped: ${end.resource} is held by ${end.heldBy}`;
    case 'cancelled':
      return `${release} was interrupted; nothing new was started and nothing is lost`;
    case 'lease-lost':
      return `${release}: somebody else took over the track; this driver stopped`;
  }
}

function nextCommand(end: RunEnd, track: string): string | undefined {
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

function stackEnds(stacks: Readonly<Record<string, keyof typeof STACK_END>>): string {
  const byEnd = Map.groupBy(Object.entries(stacks), ([, end]) => end);
  return [...byEnd]
    .map(
      ([end, members]) =>
        `  ${STACK_END[end]}: ${list(
          members.map(([stack]) => stack),
          20,
        )}`,
    )
    .join('\n');
}
