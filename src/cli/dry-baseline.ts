import type { Project, Track } from '../core/project';
import { baselineText } from '../report/preview-text';
import { list, plural } from '../report/words';
import { proposeRollout } from '../rollout/start';
import { EXIT, type ExitCode } from './exit';
import { previewData } from './previews';
import { around, counter } from './rollout';
import { Stop } from './stop';
import type { Work } from './work';

/**
 * A dry run on an empty sandbox: what the baseline of its tracks would create, and what the promotion would then pin. The
 * changes of the promotion itself cannot be known before there is something to compare with.
 */
export async function dryBaseline(work: Work, track: string, missing: readonly Track[]): Promise<ExitCode> {
  const { call, session, world, viewer, signal } = work;
  const { out } = call;
  const { to } = call.options;
  const upstream = session.project.tracks[track]?.upstream;
  if (typeof to === 'string' && upstream !== undefined && to !== `${upstream}.1`)
    throw new Stop(EXIT.notFound, `${upstream} has no release "${to}": the sandbox is empty`);
  out.text('the sandbox is empty; first its tracks would be brought to their pinned baseline:');
  const baseline: unknown[] = [];
  for (const { name, components } of missing) {
    const wish = { track: name, kind: 'up', components, sdk: world.sdk } as const;
    const proposal = await proposeRollout(world.ports, wish, signal, counter(work));
    viewer.rest();
    if (signal.aborted) throw new Stop(EXIT.cancelled, 'cancelled; nothing was changed');
    if (proposal.is === 'refused') throw new Stop(EXIT.usage, proposal.reason);
    if (proposal.is === 'nothing') continue;
    const { release, previews } = proposal;
    out.text(
      `  ${baselineText({ title: `${release.id} (baseline)`, about: [], stacks: previews }, out.paint)}`,
    );
    for (const preview of previews)
      if (!preview.ok) out.text(out.paint.bad(`  ✖ ${preview.stack}: ${preview.failure.message}`));
    baseline.push({ track: name, release: release.id, ...previewData(previews) });
  }
  const moves = movesOf(session.project, track);
  if (moves.length > 0) out.text(`then ${track} would pin what its upstream pins: ${list(moves)}`);
  const next = missing.map(({ name }) => `npm run up -- --track ${name}`).join(' && ');
  out.text('dry run: nothing was changed; what a promotion changes can be shown once the baseline runs');
  out.next(next);
  const count = plural(missing.length, 'track');
  out.result({
    command: 'promote',
    outcome: 'dry run',
    reason: `the sandbox is empty: the baseline of ${count} comes first`,
    baseline,
    moves,
    ...around(work),
    next,
    exitCode: EXIT.done,
  });
  return EXIT.done;
}

/** Components whose content is another one upstream: `web 1a2b3c4d → 5e6f7a8b`. */
function movesOf({ tracks }: Project, track: string): string[] {
  const own = tracks[track]?.components ?? {};
  const above = tracks[tracks[track]?.upstream ?? '']?.components ?? {};
  return Object.entries(above).flatMap(([name, pin]) => {
    const before = own[name];
    if (before?.digest === pin.digest) return [];
    return [`${name} ${before?.commit.slice(0, 8) ?? '(none)'} → ${pin.commit.slice(0, 8)}`];
  });
}
