import type { Change, PropertyChange } from '../core/change';
import { type DiffClass, touches } from '../core/classes';
import type { StackPreview } from '../rollout/preview';
import { columns } from './columns';
import { driftOf, gone } from './drift';
import { changing, classTitle, type FleetPreview, failuresOf, lossesOf, sum, unchanged } from './fleet';
import { harmlessly, shortened } from './harmless';
import type { Paint } from './paint';
import { BY_RISK, changeText, list, plural, SYMBOL } from './words';

/** How much of one class is shown; the rest is counted. */
const MOST_CHANGES = 40;
const MOST_PROPERTIES = 4;
/** Characters of a value. */
const MOST_VALUE = 60;
/** Rows of stacks, from which on those without a change are only counted. */
const MANY = 40;

/** The fleet's changes on a terminal: every kind of change once, then a row a stack, then the way back. */
export function previewText(preview: FleetPreview, paint: Paint): string {
  const { title, about, stacks, noWayBack, see } = harmlessly(preview);
  const hint = see === undefined ? '' : `: ${see}`;
  return [
    paint.strong(title),
    ...about.map((line) => paint.quiet(line)),
    '',
    ...changing(stacks).flatMap((one) => [...classText(one, hint, paint), '']),
    ...table(stacks, paint),
    ...failuresOf(stacks).map((one) => paint.bad(`✖ ${list(one.stacks)}: ${one.text}`)),
    '',
    ...(noWayBack === undefined ? wayBackText(stacks, paint) : [`${paint.warn('way back')}  ${noWayBack}`]),
    ...foreignText(stacks, paint),
    ...driftText(stacks, paint),
  ].join('\n');
}

/** A baseline of an empty cloud only creates: one line says it all. */
export function baselineText(preview: FleetPreview, paint: Paint): string {
  const { title, stacks } = harmlessly(preview);
  if (stacks.length === 0) return `${paint.strong(title)}  nobody subscribes to it`;
  const { create } = sum(stacks.filter((stack) => stack.ok));
  const what = `${plural(create, 'create')} in ${plural(stacks.length, 'stack')}`;
  return `${paint.strong(title)}  ${what}; there is nothing to go back to, a failure halts`;
}

function classText(one: DiffClass, hint: string, paint: Paint): readonly string[] {
  const ordered = BY_RISK.flatMap((kind) => one.changes.filter((change) => change.kind === kind));
  const more = ordered.length - MOST_CHANGES;
  return [
    `${paint.accent(one.class)}  ${paint.strong(classTitle(one))}: ${list(one.stacks)}`,
    ...ordered.slice(0, MOST_CHANGES).flatMap((change) => changeLines(change, paint)),
    ...(more > 0 ? [`    … ${plural(more, 'more change')}${hint}`] : []),
  ];
}

function changeLines(change: Change, paint: Paint): readonly string[] {
  const { kind, type, name, properties, replaceKeys } = change;
  const colour = kind === 'create' ? paint.good : kind === 'update' ? paint.warn : paint.bad;
  // What forces a new resource must not be among those that are only counted.
  const forcing = properties.filter(({ path }) => replaceKeys.includes(path));
  const ordered = [...forcing, ...properties.filter((property) => !forcing.includes(property))];
  const more = ordered.length - MOST_PROPERTIES;
  return [
    colour(`    ${SYMBOL[kind]} ${changeText(change).padEnd(7)}  ${type}  ${name}`),
    ...ordered.slice(0, MOST_PROPERTIES).map((property) => {
      const forces = forcing.includes(property) ? paint.bad('  forces a new resource') : '';
      return paint.quiet(`        ${propertyText(property, MOST_VALUE)}`) + forces;
    }),
    ...(more > 0 ? [paint.quiet(`        … ${plural(more, 'more property')}`)] : []),
  ];
}

/** `spec.replicas: 2 → 3`, values of at most `most` characters. */
export const propertyText = ({ path, before, after }: PropertyChange, most: number): string =>
  `${path}: ${shortened(before ?? '(none)', most)} → ${shortened(after ?? '(none)', most)}`;

function table(stacks: readonly StackPreview[], paint: Paint): readonly string[] {
  const head = ['stack', 'channel', 'replace', 'delete', 'update', 'create', 'same', 'class'];
  const risky = (count: number): string => (count > 0 ? paint.bad(String(count)) : '0');
  const still = new Set(stacks.length > MANY ? unchanged(stacks) : []);
  const shown = stacks.filter((preview) => !still.has(preview));
  const rows = shown.map((preview) => {
    const { stack, channel } = preview;
    if (!preview.ok) return [stack, channel, '?', '?', '?', '?', '?', paint.bad('failed')];
    const { counts } = preview;
    const numbers = [counts.update, counts.create, counts.same].map(String);
    const name = touches(counts) > 0 ? preview.class : 'no change';
    return [stack, channel, risky(counts.replace), risky(counts.delete), ...numbers, name];
  });
  return [
    ...columns([head.map(paint.quiet), ...rows], new Set([2, 3, 4, 5, 6]), paint.width),
    ...(still.size > 0 ? [paint.quiet(`… and ${plural(still.size, 'stack')} without a change`)] : []),
  ];
}

/** The way back of what is about to happen, said before it happens. */
function wayBackText(stacks: readonly StackPreview[], paint: Paint): readonly string[] {
  const good = stacks.filter((stack) => stack.ok);
  const lost = good.filter(({ irreversible }) => irreversible.length > 0);
  const changed = good.filter(({ counts }) => touches(counts) > 0);
  const failed = stacks.flatMap((stack) => (stack.ok ? [] : [stack.stack]));
  if (failed.length > 0 && lost.length === 0)
    return [`${paint.warn('way back')}  not known: the preview of ${list(failed)} failed`];
  const fine =
    changed.length === 0
      ? 'nothing changes, so there is nothing to take back'
      : 'every stack can be taken back without losing data';
  return lost.length === 0
    ? [`${paint.good('way back')}  ${fine}`]
    : [
        `${paint.bad('way back')}  ${plural(lost.length, 'stack')} cannot be taken back without losing data; a failure there halts instead:`,
        ...lossesOf(stacks).map((one) => `    ${list(one.stacks)}: ${one.text}`),
      ];
}

/** What somebody changed by hand, stack by stack; nothing where nobody looked. */
function driftText(stacks: readonly StackPreview[], paint: Paint): readonly string[] {
  const drift = driftOf(stacks);
  if (drift === undefined) return [];
  if (drift.length === 0) return [`${paint.good('drift')}  none: all is as the states say`];
  return [
    `${paint.warn('drift')}  ${plural(drift.length, 'stack')} not as the state says (state → what is there):`,
    ...drift.flatMap(({ stack, changes }) => [
      `    ${stack}`,
      ...changes
        .slice(0, MOST_CHANGES)
        .flatMap((change) =>
          change.kind === 'delete'
            ? [paint.bad(`        ${gone(change)}`)]
            : [
                paint.warn(`        ${SYMBOL.update} ${change.type}  ${change.name}`),
                ...change.properties
                  .slice(0, MOST_PROPERTIES)
                  .map((property) => paint.quiet(`            ${propertyText(property, MOST_VALUE)}`)),
              ],
        ),
      ...(changes.length > MOST_CHANGES
        ? [`        … ${plural(changes.length - MOST_CHANGES, 'more resource')}`]
        : []),
    ]),
  ];
}

function foreignText(stacks: readonly StackPreview[], paint: Paint): readonly string[] {
  return stacks.flatMap((stack) =>
    stack.ok && stack.foreign.length > 0
      ? [
          paint.warn(
            `⚠ ${stack.stack}: ${list(stack.foreign)} would change too, though not on this track; the rollout stops before this stack`,
          ),
        ]
      : [],
  );
}
