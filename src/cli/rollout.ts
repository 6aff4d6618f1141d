import type { RolloutStarted } from '../core/event';
import { trackOf } from '../core/fleet';
import type { Pins, Plan } from '../core/plan';
import { baselineText, previewText } from '../report/preview-text';
import { instantText } from '../report/time';
import { list, plural } from '../report/words';
import { readFleet } from '../rollout/journal';
import { type Held, holdTrack } from '../rollout/lease';
import { runRollout } from '../rollout/loop';
import { candidate, proposeRollout, type ReadyProposal, startRollout, type Wish } from '../rollout/start';
import { confirm } from './confirm';
import { EXIT, type ExitCode } from './exit';
import { keptConfiguration } from './kept';
import { sayMissed, sayPending } from './previews';
import { reportEnd } from './rollout-end';
import { Stop } from './stop';
import { takeUp } from './take-up';
import type { Work } from './work';

export interface RolloutOptions {
  readonly wish: Wish;
  /** No release was named: whichever this command has begun is the one that is meant. */
  readonly isUnnamed?: boolean;
  /** Moves the working tree's pins; runs after everything was asked, before anything is recorded. */
  movePins?(): Promise<void>;
  /** After the rollout converged. */
  onConverged?(release: string): Promise<void>;
  readonly command: string;
}

/** From a wish to the end of its rollout: lease, plan, previews, question, start, run, report. */
export async function rollOut(
  work: Work,
  { wish, isUnnamed = false, movePins, onConverged, command }: RolloutOptions,
): Promise<ExitCode> {
  const { world, viewer, call, signal } = work;
  const held = await lease(work, wish.track);
  try {
    const fleet = await readFleet(world.ports.ledger);
    const open = trackOf(fleet, wish.track).open;
    if (open) {
      const isMeant = isUnnamed || candidate(fleet, wish, world.ports.hash).id === open.release;
      if (call.options['dryRun'] === true || !isMeant || !isSameKind(open, wish)) refuseOther(open);
      call.out.text(`${open.kind} of ${open.release} is still open (${open.rollout}): going on with it`);
      takeUp(work, await world.ports.ledger.read(wish.track), open.rollout);
      return await carryOn(work, held, { track: wish.track, rollout: open.rollout, command, onConverged });
    }
    const proposal = await proposeRollout(world.ports, wish, signal, counter(work));
    viewer.rest();
    if (signal.aborted) throw cancelled(wish.track);
    switch (proposal.is) {
      case 'refused':
        throw new Stop(EXIT.usage, proposal.reason, refusalRemedy(wish, proposal.reason));
      case 'nothing':
        // The folder may still hold what was before: a checkout in which the moved pins were never committed.
        if (call.options['dryRun'] !== true) {
          await movePins?.();
          await onConverged?.(proposal.release.id);
        }
        return nothing(work, proposal, command);
      case 'failed':
        for (const { stack, failure } of proposal.failures) {
          call.out.text(call.out.paint.bad(`✖ ${stack}: ${failure.message}`));
          const kept =
            wish.kind === 'rollback'
              ? await keptConfiguration(work, wish.track, { stack, release: proposal.release.id })
              : undefined;
          if (kept !== undefined)
            call.out.text(`  it ran ${proposal.release.id} with the configuration in ${kept}`);
        }
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
    show(work, proposal, command);
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

const isSameKind = ({ kind }: RolloutStarted, wish: Wish): boolean =>
  kind === wish.kind || (kind === 'baseline' && wish.kind === 'up');

/** Only the same wish goes on with what is open: to finish a promotion is not what somebody wants who asks for another release. */
function refuseOther({ kind, release, rollout, plan: { track } }: RolloutStarted): never {
  throw new Stop(EXIT.usage, `${kind} of ${release} is still open (${rollout}); nothing was done`, {
    remedy: `go on with it: npm run resume -- --track ${track}\n  or end it:     npm run abort -- --track ${track}${kind === 'rollback' ? '' : ' [--take-back]'}`,
  });
}

/** Goes on with an open rollout until it ends or waits, and says truly what came of it. */
export async function carryOn(
  work: Work,
  held: Held,
  where: {
    readonly track: string;
    readonly rollout: string;
    readonly command: string;
    onConverged?: ((release: string) => Promise<void>) | undefined;
  },
): Promise<ExitCode> {
  const end = await runRollout(work.world.ports, held, where, work.signal);
  work.viewer.rest();
  if (end.is === 'ended' && end.outcome === 'converged') {
    const { current } = trackOf(await readFleet(work.world.ports.ledger), where.track);
    await where.onConverged?.(current ?? where.track);
  }
  return reportEnd(work, where, end);
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

/** Counts previews for whoever watches. */
export function counter({ viewer }: Work): (preview: unknown, all: number) => void {
  let done = 0;
  return (_, all) => {
    done += 1;
    viewer.previewed(done, all);
  };
}

const cancelled = (track: string): Stop =>
  new Stop(EXIT.cancelled, `cancelled; nothing was changed in ${track}`);

function refusalRemedy({ track }: Wish, reason: string): { readonly remedy?: string } {
  if (/is vetoed/.test(reason)) return { remedy: 'when its cause is gone, repeat the command with --again' };
  if (/ vetoed /.test(reason))
    return { remedy: 'when its cause is gone, lift it there: npm run veto -- --track … --release … --lift' };
  if (/has not proven/.test(reason))
    return { remedy: `roll it out there first: npm run up -- --track <upstream of ${track}>` };
  return {};
}

function show(work: Work, proposal: ReadyProposal, command: string): void {
  const { out } = work.call;
  const { release, plan, previews } = proposal;
  const from = proposal.wish.from ? `, copied from ${proposal.wish.from}` : '';
  const waves = plan.channels.map((channel) => `${channel.name} ${plural(channel.waves.length, 'wave')}`);
  const reconfigured = Object.values(plan.targets).flatMap(({ stack, isReconfigured }) =>
    isReconfigured ? [stack] : [],
  );
  const preview = {
    title: `${release.id} (${plan.kind}${from})`,
    about: [
      `${plural(Object.keys(plan.targets).length, 'stack')}: ${waves.join(' → ')}`,
      work.world.ports.engine.title,
      ...(reconfigured.length > 0 ? [`only the configuration moved: ${list(reconfigured)}`] : []),
    ],
    stacks: previews,
    ...noWayBack(plan, reconfigured),
    ...seeAll(proposal, work.call.options),
  };
  sayMissed(work, previews);
  const isBrief =
    command === 'baseline' &&
    previews.every(({ counts }) => counts.update + counts.replace + counts.delete === 0);
  if (isBrief) {
    out.text(baselineText(preview, out.paint));
    return;
  }
  out.text(previewText(preview, out.paint));
  sayPending(work, previews);
  if (plan.already.length > 0) out.text(out.paint.quiet(`run it already: ${list(plan.already)}`));
  out.text('');
}

/** A preview of the same, which can say all of it; of an older release there is none. */
function seeAll({ wish }: ReadyProposal, { to }: Work['call']['options']): { readonly see?: string } {
  if (wish.kind === 'rollback' || to !== undefined) return {};
  const promoted = wish.kind === 'promote' ? ' --promote' : '';
  return { see: `npm run -s preview -- --track ${wish.track}${promoted} --json` };
}

function noWayBack(
  { kind, targets }: Plan,
  reconfigured: readonly string[],
): { readonly noWayBack?: string } {
  if (kind === 'rollback') return { noWayBack: 'a rollback that fails halts, it is not taken back' };
  const isAll = reconfigured.length === Object.keys(targets).length;
  if (reconfigured.length === 0 || !isAll) return {};
  return { noWayBack: 'a failure halts: only the files can take a configuration back' };
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
  work.call.out.next('npm run status');
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
  const { to, again } = work.call.options;
  const words = [...(typeof to === 'string' ? [`--to ${to}`] : []), ...(again === true ? ['--again'] : [])];
  out.next([`npm run ${command} -- --track ${proposal.wish.track}`, ...words].join(' '));
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

export const around = ({ world }: Work): Readonly<Record<string, string>> => ({
  engine: world.ports.engine.kind,
  cloud: world.ports.engine.cloud,
});
