import { trackOf } from '../../core/fleet';
import { unreviewedText } from '../../core/unreviewed';
import { previewText } from '../../report/preview-text';
import { list, plural } from '../../report/words';
import { awaitingApproval, type Waiting } from '../../rollout/accept';
import { readFleet } from '../../rollout/journal';
import type { Call } from '../commands';
import { confirmed } from '../confirm';
import { prepareContent } from '../content';
import { EXIT, type ExitCode } from '../exit';
import { previewData } from '../previews';
import { lease } from '../rollout';
import { stackOption, trackOption } from '../session';
import { Stop } from '../stop';
import { type Work, withWork } from '../work';

type Asked = Extract<Waiting, { is: 'waiting' }>;

/** `accept`: agrees to what would change now in stacks of an open rollout that are no longer as they were reviewed. */
export const accept = (call: Call): Promise<ExitCode> =>
  withWork(call, async (work) => {
    const { session, world, viewer, signal } = work;
    const track = trackOption(session, call);
    const { stack: named } = call.options;
    const stack = typeof named === 'string' ? stackOption(session, named) : undefined;
    if (!trackOf(await readFleet(world.ports.ledger), track).open) return nothing(call, track);
    await prepareContent(session.root, session.project);
    const held = await lease(work, track);
    try {
      const waiting = await awaitingApproval(world.ports, held, { track, stack }, signal);
      viewer.rest();
      switch (waiting.is) {
        case 'nothing':
          return nothing(call, track);
        case 'in flight':
          throw new Stop(
            EXIT.usage,
            `nobody knows yet what became of the update of ${list(waiting.stacks)}: nothing was accepted`,
            { remedy: `find it out first: npm run resume -- --track ${track}` },
          );
        case 'failed': {
          const failures = waiting.failures.map(({ stack: name, failure }) => ({ stack: name, ...failure }));
          const told = failures.map(({ stack: name, message }) => `${name}: ${message}`).join('; ');
          throw new Stop(EXIT.deployment, `could not be previewed, nothing was accepted: ${told}`, {
            data: { failures },
          });
        }
        case 'cancelled':
          throw new Stop(EXIT.cancelled, 'cancelled; nothing was accepted');
        case 'waiting':
          return await agree(work, track, waiting);
      }
    } finally {
      await held.release();
    }
  });

async function agree(work: Work, track: string, asked: Asked): Promise<ExitCode> {
  const { call, world } = work;
  const { out, options } = call;
  const names = asked.stacks.map(({ preview }) => preview.stack);
  const title = `${asked.release}: what would change now in ${list(names)}`;
  const previews = asked.stacks.map(({ preview }) => preview);
  out.text(previewText({ title, about: [world.ports.engine.title], stacks: previews }, out.paint));
  for (const one of asked.stacks) out.text(out.paint.warn(`⚠ ${unreviewedText(one)}`));
  out.text(`approval digest: ${asked.digest}`);
  const wanted = options['digest'];
  if (typeof wanted === 'string' && wanted !== asked.digest)
    throw new Stop(EXIT.unexpectedChanges, `that is ${asked.digest}, not ${wanted}; nothing was accepted`, {
      remedy: 'look at it again: what would change has moved once more',
    });
  const isDry = options['dryRun'] === true;
  if (!isDry) {
    if (wanted === undefined)
      await confirmed(work, {
        would: `this would let ${plural(names.length, 'stack')} of a real cloud change as shown`,
        question: `Accept this for ${list(names)}?`,
      });
    await asked.accept();
  }
  const next = isDry
    ? `npm run accept -- --track ${track} --digest ${asked.digest}`
    : `npm run resume -- --track ${track}`;
  out.text(isDry ? 'dry run: nothing was accepted' : out.paint.good(`✔ accepted for ${list(names)}`));
  out.next(next);
  out.result({
    command: 'accept',
    outcome: isDry ? 'dry run' : 'accepted',
    track,
    release: asked.release,
    approval: asked.digest,
    moved: Object.fromEntries(
      asked.stacks.map(({ preview, moved, unlike }) => [preview.stack, { moved, unlike }]),
    ),
    ...previewData(previews),
    next,
    exitCode: EXIT.done,
  });
  return EXIT.done;
}

function nothing({ out }: Call, track: string): ExitCode {
  out.text(`nothing to accept: no stack of ${track} waits for an approval`);
  out.next('npm run status');
  out.result({ command: 'accept', outcome: 'nothing to do', track, exitCode: EXIT.done });
  return EXIT.done;
}
