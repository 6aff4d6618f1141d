import type { Change } from '../core/change';
import { columns } from './columns';
import { type DiffClass, diffClasses, type FleetPreview, type StackPreview, touches } from './fleet';
import type { Paint } from './paint';
import { BY_RISK, countsText, list, plural, SYMBOL } from './words';

/** How many properties of one resource and resources of one class are shown; the rest is counted. */
const MOST_PROPERTIES = 4;
const MOST_CHANGES = 40;

/** The fleet's changes on a terminal: every kind of change once, then a row a stack, then what cannot be taken back. */
export function previewText(fleet: FleetPreview, paint: Paint): string {
  const classes = diffClasses(fleet.stacks);
  const changing = classes.filter((one) => touches(one.counts) > 0);
  const failed = fleet.stacks.filter((stack) => stack.failure !== undefined);
  const lines = [
    paint.strong(fleet.title),
    '',
    ...changing.flatMap((one) => [...classText(one, paint), '']),
    ...failed.map((stack) => paint.bad(`✖ ${stack.stack}: ${stack.failure}`)),
    ...table(fleet.stacks, paint),
    '',
    ...wayBackText(fleet.stacks, paint),
  ];
  return lines.join('\n');
}

/** A first deployment only creates: a row a stack says it all, and there is nothing to go back to. */
export const firstText = (fleet: FleetPreview, paint: Paint): string =>
  [
    paint.strong(fleet.title),
    '',
    ...table(fleet.stacks, paint),
    '',
    paint.quiet('everything is new: there is nothing to go back to, a failure halts'),
  ].join('\n');

function classText(one: DiffClass, paint: Paint): readonly string[] {
  const count = touches(one.counts);
  const title =
    one.stacks.length > 1
      ? `same ${plural(count, 'change')} in ${one.stacks.length} stacks`
      : `${plural(count, 'change')} in 1 stack`;
  const ordered = BY_RISK.flatMap((kind) => one.changes.filter((change) => change.kind === kind));
  return [
    `${paint.accent(one.class)}  ${paint.strong(title)}: ${list(one.stacks)}`,
    ...ordered.slice(0, MOST_CHANGES).flatMap((change) => changeText(change, paint)),
    ...(ordered.length > MOST_CHANGES
      ? [`    … ${plural(ordered.length - MOST_CHANGES, 'more change')}`]
      : []),
  ];
}

export function changeText(change: Change, paint: Paint): readonly string[] {
  const risky = change.kind === 'replace' || change.kind === 'delete';
  const head = `    ${SYMBOL[change.kind]} ${change.kind.padEnd(7)} ${change.type}  ${change.name}`;
  const shown = change.properties.slice(0, MOST_PROPERTIES);
  const more = change.properties.length - shown.length;
  return [
    (risky ? paint.bad : change.kind === 'create' ? paint.good : paint.warn)(head),
    ...shown.map((property) => {
      const forces = change.replaceKeys.includes(property.path) ? paint.bad('  forces a new resource') : '';
      return (
        paint.quiet(
          `        ${property.path}: ${property.before ?? '(none)'} → ${property.after ?? '(none)'}`,
        ) + forces
      );
    }),
    ...(more > 0
      ? [paint.quiet(`        … ${plural(more, 'more property').replace('propertys', 'properties')}`)]
      : []),
  ];
}

function table(stacks: readonly StackPreview[], paint: Paint): readonly string[] {
  const head = ['stack', 'channel', 'create', 'update', 'replace', 'delete', 'same', 'class'];
  const rows = stacks.map(({ stack, channel, counts, class: name, failure }) =>
    failure === undefined
      ? [
          stack,
          channel,
          ...[counts.create, counts.update, counts.replace, counts.delete, counts.same].map(String),
          touches(counts) > 0 ? name : 'no change',
        ]
      : [stack, channel, '?', '?', '?', '?', '?', paint.bad('failed')],
  );
  return columns([head.map(paint.quiet), ...rows], new Set([2, 3, 4, 5, 6]));
}

/** The way back of what is about to happen, said before it happens. */
export function wayBackText(stacks: readonly StackPreview[], paint: Paint): readonly string[] {
  const lost = stacks.filter((stack) => stack.irreversible.length > 0);
  const foreign = stacks.filter((stack) => stack.foreign.length > 0);
  const back =
    lost.length === 0
      ? [`${paint.good('way back')}  every stack can be taken back without losing data`]
      : [
          `${paint.bad('way back')}  ${plural(lost.length, 'stack')} cannot be taken back without losing data; a failure there halts instead:`,
          ...lost.map(
            (stack) =>
              `    ${stack.stack}: ${list(
                stack.irreversible.map((one) => `${one.type} ${one.name} ${one.why}`),
                4,
              )}`,
          ),
        ];
  return [
    ...back,
    ...foreign.map((stack) =>
      paint.warn(
        `⚠ ${stack.stack}: ${list(stack.foreign)} would change too, though not on this track; the rollout stops before this stack`,
      ),
    ),
  ];
}

/** One line for a summary: `8 stacks: 2 kinds of change, 1 unchanged`. */
export function fleetLine(stacks: readonly StackPreview[]): string {
  const classes = diffClasses(stacks).filter((one) => touches(one.counts) > 0);
  const same = stacks.filter((stack) => stack.failure === undefined && touches(stack.counts) === 0).length;
  const failed = stacks.filter((stack) => stack.failure !== undefined).length;
  const parts = [
    plural(classes.length, 'kind').concat(' of change'),
    ...(same > 0 ? [`${same} unchanged`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  const total = stacks.reduce(
    (sum, { counts }) => ({
      create: sum.create + counts.create,
      update: sum.update + counts.update,
      replace: sum.replace + counts.replace,
      delete: sum.delete + counts.delete,
      same: sum.same + counts.same,
    }),
    { create: 0, update: 0, replace: 0, delete: 0, same: 0 },
  );
  return `${plural(stacks.length, 'stack')}: ${parts.join(', ')} (${countsText(total)})`;
}
