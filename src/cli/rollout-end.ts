import type { LedgerEvent } from '../core/event';
import { cutShort, endLines, endSentence, nextCommand } from '../report/rollout-end';
import { statusOf, statusText } from '../report/status';
import { readFleet } from '../rollout/journal';
import type { RunEnd } from '../rollout/loop';
import { EXIT, type ExitCode, exitOf } from './exit';
import { around } from './rollout';
import type { Work } from './work';

/** Says what runs where by now, what came of the rollout, and what to do next; the result line and the exit code with it. */
export async function reportEnd(
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
  const said = endSentence(end, started?.release ?? '');
  const isGood = end.is === 'ended' && end.outcome === 'converged';
  const overall = statusOf(session.project, fleet);
  const next = isGood ? (overall.next[0] ?? 'npm run status') : nextCommand(end, where.track);
  // A baseline is only the first step of what was asked for.
  if (where.command !== 'baseline') {
    const title = `${where.track} · ${world.ports.engine.title}`;
    const status = { ...statusOf(session.project, fleet, { track: where.track }), next: [] };
    out.text(`\n${statusText(status, { now, paint: out.paint, title })}\n`);
  }
  out.text(isGood ? out.paint.good(`✔ ${said}`) : out.paint.bad(`✖ ${said}`));
  if (!isGood) for (const line of endLines(events)) out.text(line);
  if (next !== undefined && where.command !== 'baseline') out.next(next);
  const code = codeOf(end, events, call.options['waitingOk'] === true);
  // Under `--json` the result is one line, the last: a good baseline is followed by what was asked for.
  if (isGood && where.command === 'baseline') {
    out.event({ type: 'note', message: said });
    return code;
  }
  out.result({
    command: where.command,
    outcome: end.is === 'ended' ? end.outcome : end.is,
    ...('reason' in end && end.reason !== '' ? { reason: end.reason } : {}),
    release: started?.release,
    rollout: where.rollout,
    stacks: ended?.stacks ?? {},
    ...(ended?.reasons ? { reasons: ended.reasons } : {}),
    ...(end.is === 'cancelled' ? { cutShort: cutShort(events) } : {}),
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
