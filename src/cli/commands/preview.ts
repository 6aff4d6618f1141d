import { touches } from '../../core/classes';
import { pinnedContents } from '../../core/pinned';
import type { Pins } from '../../core/plan';
import type { Stack } from '../../core/project';
import { fleetLine } from '../../report/fleet';
import { answeredText } from '../../report/goal';
import { previewMarkdown } from '../../report/preview-markdown';
import { previewText } from '../../report/preview-text';
import { readFleet } from '../../rollout/journal';
import { operationOf } from '../../rollout/operation';
import { type PreviewWish, previewStacks, type StackPreview } from '../../rollout/preview';
import type { Call } from '../commands';
import { prepareContent } from '../content';
import { EXIT, type ExitCode } from '../exit';
import { previewData, sayMissed, sayPending } from '../previews';
import { counter } from '../rollout';
import { stackOption, trackOption } from '../session';
import { Stop } from '../stop';
import { type Work, withWork } from '../work';
import { sourceOf } from './promote';

/** `preview`: what every chosen stack would do if it followed the track folders (or the promoted pins). Touches nothing. */
export const preview = (call: Call): Promise<ExitCode> =>
  withWork(call, async (work) => {
    const { session, world, viewer, signal } = work;
    await prepareContent(session.root, session.project);
    const chosen = await choose(work);
    const fleet = await readFleet(world.ports.ledger);
    const wishes = chosen.stacks.map((stack): PreviewWish => {
      const contents = pinnedContents(stack, session.project, chosen.moved);
      const operation = operationOf(world.ports, {
        stack: stack.name,
        contents,
        deployment: 'preview',
        release: 'preview',
      });
      return {
        operation,
        channel: stack.channel,
        isRefreshed: call.options['refresh'] === true,
        direction: 'forward',
        contents,
        moves: Object.keys(stack.components),
        running: fleet.stacks.get(stack.name)?.contents ?? {},
      };
    });
    const stacks = await previewStacks(world.ports, wishes, signal, counter(work));
    if (signal.aborted) throw new Stop(EXIT.cancelled, 'cancelled; nothing was changed');
    viewer.rest();
    const shown = { title: chosen.title, about: [world.ports.engine.title], stacks, see: seeAll(call) };
    const { out, options } = call;
    if (options['format'] === 'markdown') out.text(previewMarkdown(shown));
    else {
      out.text(previewText(shown, out.paint));
      out.text(fleetLine(stacks));
      const answered = answeredText(stacks);
      if (answered !== undefined) out.text(answered);
    }
    sayMissed(work, stacks);
    sayPending(work, stacks);
    if (options['format'] !== 'markdown') out.next(nextAfter(stacks, chosen));
    const code = exitCode(stacks, options['expectNoChanges'] === true);
    out.result({
      command: 'preview',
      title: chosen.title,
      engine: world.ports.engine.kind,
      cloud: world.ports.engine.cloud,
      ...previewData(stacks),
      exitCode: code,
    });
    return code;
  });

/** What failed is to be mended, what changes can be rolled out. */
function nextAfter(previews: readonly StackPreview[], { stacks, moved }: Chosen): string {
  if (previews.some(({ ok }) => !ok)) return 'npm run doctor';
  const changed = previews.find((one) => one.ok && touches(one.counts) > 0);
  const components = stacks.find(({ name }) => name === changed?.stack)?.components ?? {};
  const [track] = Object.values(components).flatMap((one) => (one.pin ? [] : [one.track]));
  if (changed === undefined || track === undefined) return 'npm run status';
  return moved === undefined ? `npm run up -- --track ${track}` : `npm run promote -- --track ${moved.track}`;
}

/** The command that shows all of what this one shows. */
function seeAll({ options }: Call): string {
  const { all, stack, channel, track, promote } = options;
  const chosen = Object.entries({ stack, channel, track }).flatMap(([name, value]) =>
    typeof value === 'string' ? [`--${name} ${value}`] : [],
  );
  const words = [...(all === true ? ['--all'] : []), ...chosen, ...(promote === true ? ['--promote'] : [])];
  return ['npm run -s preview --', ...words, '--json'].join(' ');
}

interface Chosen {
  readonly title: string;
  readonly stacks: readonly Stack[];
  readonly moved?: { readonly track: string; readonly pins: Pins };
}

async function choose(work: Work): Promise<Chosen> {
  const { session, call } = work;
  const { project } = session;
  const { stack, channel, track, promote, all } = call.options;
  if ([stack, channel, track, all].filter((one) => one !== undefined).length > 1)
    throw new Stop(EXIT.usage, 'choose one of --track, --stack, --channel, --all');
  if (promote === true && track === undefined) throw new Stop(EXIT.usage, '--promote needs --track');
  const rank = ({ channel: name }: Stack): number => project.channels.findIndex((one) => one.name === name);
  const stacks = Object.values(project.stacks).sort(
    (a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1),
  );
  if (typeof stack === 'string') {
    const name = stackOption(session, stack);
    return { title: `preview of ${name}`, stacks: stacks.filter((one) => one.name === name) };
  }
  if (typeof channel === 'string') {
    const known = project.channels.map(({ name }) => name);
    if (!known.includes(channel))
      throw new Stop(EXIT.notFound, `there is no channel "${channel}"`, {
        remedy: `channels: ${known.join(', ')}`,
      });
    return {
      title: `preview of channel ${channel}`,
      stacks: stacks.filter((one) => one.channel === channel),
    };
  }
  if (track === undefined) return { title: 'preview of all stacks', stacks };
  const name = trackOption(session, call);
  const subscribers = stacks.filter((one) =>
    Object.values(one.components).some((component) => component.track === name && !component.pin),
  );
  if (promote !== true) return { title: `preview of track ${name}`, stacks: subscribers };
  const source = await sourceOf(work, name, undefined);
  return {
    title: `preview of ${name} with ${source.from ?? 'trunk'}`,
    stacks: subscribers,
    moved: { track: name, pins: source.pins },
  };
}

function exitCode(stacks: readonly StackPreview[], isNoneExpected: boolean): ExitCode {
  if (stacks.some(({ ok }) => !ok)) return EXIT.failed;
  const isAnyChange = stacks.some(
    (stack) => stack.ok && touches(stack.counts) + (stack.drift?.length ?? 0) > 0,
  );
  return isNoneExpected && isAnyChange ? EXIT.unexpectedChanges : EXIT.done;
}
