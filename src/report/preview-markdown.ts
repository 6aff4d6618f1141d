import type { Change } from '../core/change';
import { type DiffClass, touches } from '../core/classes';
import type { StackPreview } from '../rollout/preview';
import type { Alike } from './alike';
import { driftOf, gone } from './drift';
import { changing, classTitle, type FleetPreview, failuresOf, fleetLine, lossesOf, unchanged } from './fleet';
import { harmlessly, shortened } from './harmless';
import { inert } from './inert';
import { propertyText } from './preview-text';
import { BY_RISK, changeText, list, plural } from './words';

/** Characters a comment may have; the hosts' limit is 65,536. */
const LIMIT = 60_000;
/** Characters of each list of reasons, of the table, of drift, and of one kind of change: none may crowd out the others. */
const REASONS = 8_000;
const TABLE = 16_000;
const CLASS = 10_000;
/** What says how much was left out. */
const REST = 600;
const MOST_STACKS = 20;
/** Rows above which the table is folded, so that what is dangerous and the kinds of change are seen together. */
const MANY_ROWS = 30;
const MOST_PROPERTIES = 8;
/** Characters of a title, of a value, and of a reason. */
const MOST_TITLE = 200;
const MOST_VALUE = 120;
const MOST_REASON = 300;
const MOST_LINE = 500;

/**
 * The fleet's changes as one comment: summary, what is dangerous with its reasons, a table of what changes, and every kind of
 * change once, folded, the most dangerous first. What has no room is counted, and how to see it is said.
 */
export function previewMarkdown(preview: FleetPreview): string {
  const { title, about, stacks, see } = harmlessly(preview);
  const more = moreOf(see);
  const head = [
    `### ${inert(shortened(title, MOST_TITLE))}`,
    '',
    ...about.map((line) => `${inert(shortened(line, MOST_REASON))}  `),
    fleetLine(stacks),
    ...warnings(stacks, more),
    ...table(stacks, more),
    '',
    ...driftMarkdown(stacks, more),
  ].join('\n');
  const classes = changing(stacks);
  const parts = fitting(
    classes.map((one) => classMarkdown(one, more)),
    LIMIT - REST - head.length,
  );
  const left = classes.slice(parts.length);
  const members = left.reduce((count, { stacks: names }) => count + names.length, 0);
  const rest = `${plural(left.length, 'more kind')} of change in ${plural(members, 'stack')}`;
  return head + parts.join('') + (left.length === 0 ? '' : `\n_… and ${more(rest)}_\n`);
}

type More = (what: string) => string;

/** `17 more stacks`, with how to see them. */
const moreOf =
  (see: string | undefined): More =>
  (what) =>
    see === undefined ? what : `${what}: \`${shortened(see, MOST_TITLE)}\``;

/** As many of the first lines as have room. */
function fitting(lines: readonly string[], room: number): string[] {
  let left = room;
  const end = lines.findIndex((line) => {
    left -= line.length + 1;
    return left < 0;
  });
  return lines.slice(0, end < 0 ? lines.length : end);
}

function warnings(stacks: readonly StackPreview[], more: More): readonly string[] {
  const good = stacks.filter((stack) => stack.ok);
  const named = (wanted: readonly { readonly stack: string }[]): string =>
    inert(
      list(
        wanted.map(({ stack }) => stack),
        MOST_STACKS,
      ),
    );
  const risky = good.filter(({ counts }) => counts.replace + counts.delete > 0);
  const lost = good.filter(({ irreversible }) => irreversible.length > 0);
  const foreign = good.filter((stack) => stack.foreign.length > 0);
  return [
    ...reasons('**Previews failed:**', failuresOf(stacks), more),
    ...(risky.length > 0 ? ['', `**Replaces or deletes** in ${named(risky)}.`] : []),
    ...reasons(
      `**Way back:** data would be lost in ${named(lost)}; a failure there halts instead of taking back.`,
      lossesOf(stacks),
      more,
    ),
    ...(foreign.length > 0
      ? ['', `**Other tracks’ components would change** in ${named(foreign)}; a rollout stops before these.`]
      : []),
  ];
}

/** Each reason once, with the stacks that have it. */
function reasons(title: string, all: readonly Alike[], more: More): readonly string[] {
  if (all.length === 0) return [];
  const lines = all.map(
    ({ text, stacks }) =>
      `- <code>${inert(shortened(text, MOST_REASON))}</code> in ${inert(list(stacks, MOST_STACKS))}`,
  );
  const shown = fitting(lines, REASONS);
  const left = all.slice(shown.length).reduce((count, { stacks }) => count + stacks.length, 0);
  const rest = `${plural(lines.length - shown.length, 'more reason')} in ${plural(left, 'stack')}`;
  return ['', title, '', ...shown, ...(shown.length < lines.length ? [`- … and ${more(rest)}`] : [])];
}

/** A row for each stack that failed or changes, in the order of the kinds of change below; the others are counted. */
function table(stacks: readonly StackPreview[], more: More): readonly string[] {
  const same = unchanged(stacks).length;
  const order = changing(stacks).map((one) => one.class);
  const rank = (one: StackPreview): number => (one.ok ? order.indexOf(one.class) : -1);
  const rows = stacks
    .filter((one) => !one.ok || touches(one.counts) > 0)
    .sort((a, b) => rank(a) - rank(b))
    .map((one) => {
      const start = `| ${inert(one.stack)} | ${inert(one.channel)} |`;
      if (!one.ok) return `${start} ? | ? | ? | ? | ? | failed |`;
      const { replace, delete: deleted, update, create, same: kept } = one.counts;
      return `${start} ${replace} | ${deleted} | ${update} | ${create} | ${kept} | \`${one.class}\` |`;
    });
  const shown = fitting(rows, TABLE);
  const left = rows.length - shown.length;
  const isFolded = rows.length > MANY_ROWS;
  const title = `${plural(rows.length, 'stack')} that would change or failed`;
  return [
    ...(isFolded ? ['', `<details><summary>${title}</summary>`] : []),
    ...(rows.length === 0
      ? []
      : [
          '',
          '| stack | channel | replace | delete | update | create | same | class |',
          '|---|---|--:|--:|--:|--:|--:|---|',
          ...shown,
        ]),
    ...(left > 0 ? ['', `… and ${more(plural(left, 'more stack'))}`] : []),
    ...(isFolded ? ['', '</details>'] : []),
    ...(same > 0 && rows.length > 0 ? ['', `${plural(same, 'stack')} without a change.`] : []),
  ];
}

/** What somebody changed by hand, stack by stack; nothing where nobody looked. */
function driftMarkdown(stacks: readonly StackPreview[], more: More): readonly string[] {
  const drift = driftOf(stacks);
  if (drift === undefined) return [];
  if (drift.length === 0) return ['**Drift:** none.', ''];
  const lines = drift.flatMap(({ stack, changes }) => [
    stack,
    ...changes.flatMap((change) =>
      change.kind === 'delete'
        ? [`- ${gone(change)}`]
        : [
            `! ${change.type}  ${change.name}`,
            ...change.properties
              .slice(0, MOST_PROPERTIES)
              .map((property) => `      ${propertyText(property, MOST_VALUE)}`),
          ],
    ),
  ]);
  const shown = fitting(
    lines.map((line) => fenceSafe(shortened(line, MOST_LINE))),
    CLASS,
  );
  const left = lines.length - shown.length;
  const summary = `<b>Drift</b> in ${plural(drift.length, 'stack')}: state → what is there`;
  return [
    `<details><summary>${summary}</summary>`,
    '',
    '```diff',
    ...shown,
    ...(left > 0 ? [fenceSafe(`  … ${more(plural(left, 'more line'))}`)] : []),
    '```',
    '</details>',
    '',
  ];
}

function classMarkdown(one: DiffClass, more: More): string {
  const ordered = BY_RISK.flatMap((kind) => one.changes.filter((change) => change.kind === kind));
  const blocks = ordered.map((change) => changeLines(change).join('\n'));
  const shown = fitting(blocks, CLASS);
  const left = blocks.length - shown.length;
  return [
    `\n<details><summary><code>${one.class}</code> ${classTitle(one)}: ${inert(list(one.stacks))}</summary>\n`,
    '```diff',
    ...shown,
    ...(left > 0 ? [fenceSafe(`  … ${more(plural(left, 'more change'))}`)] : []),
    '```',
    '</details>\n',
  ].join('\n');
}

/** The sign in front gives the line its colour: red for what is lost, green for what is new, orange for the rest. */
const SIGN = { create: '+', update: '!', replace: '-', delete: '-', same: ' ' } as const;

function changeLines(change: Change): readonly string[] {
  const { kind, type, name, properties, replaceKeys } = change;
  // What forces a new resource must not be among those that are only counted.
  const forcing = properties.filter(({ path }) => replaceKeys.includes(path));
  const ordered = [...forcing, ...properties.filter((property) => !forcing.includes(property))];
  const more = ordered.length - MOST_PROPERTIES;
  return [
    `${SIGN[kind]} ${changeText(change)} ${type} ${name}`,
    ...ordered.slice(0, MOST_PROPERTIES).map((property) => {
      const forces = forcing.includes(property) ? '  forces a new resource' : '';
      return `      ${propertyText(property, MOST_VALUE)}${forces}`;
    }),
    ...(more > 0 ? [`      … ${plural(more, 'more property')}`] : []),
  ].map((line) => fenceSafe(shortened(line, MOST_LINE)));
}

/** What comes from files and clouds must not end the code block. */
const fenceSafe = (text: string): string => text.replaceAll('```', "'''");
