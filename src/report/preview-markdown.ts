import type { Change } from '../core/change';
import { type DiffClass, touches } from '../core/classes';
import type { StackPreview } from '../rollout/preview';
import { driftOf, gone } from './drift';
import { changing, classTitle, type FleetPreview, fleetLine } from './fleet';
import { harmlessly, shortened } from './harmless';
import { propertyText } from './preview-text';
import { BY_RISK, changeText, list, plural } from './words';

/** Characters a comment may have; the hosts' limit is 65,536. */
const LIMIT = 60_000;
const MOST_ROWS = 200;
const MOST_FAILURES = 20;
const MOST_CHANGES = 100;
const MOST_PROPERTIES = 8;
/** Characters of a value, and of a failure. */
const MOST_VALUE = 120;
const MOST_FAILURE = 500;

/** The fleet's changes as one comment: summary, a table, the way back, and every kind of change once, folded. */
export function previewMarkdown(preview: FleetPreview): string {
  const { title, about, stacks } = harmlessly(preview);
  const head = [
    `### ${inert(title)}`,
    '',
    ...about.map((line) => `${inert(line)}  `),
    fleetLine(stacks),
    ...warnings(stacks),
    '',
    ...table(stacks),
    '',
    ...driftMarkdown(stacks),
  ].join('\n');
  const parts = changing(stacks).map((one) => ({ one, text: classMarkdown(one) }));
  let text = head;
  const left: DiffClass[] = [];
  for (const { one, text: part } of parts) {
    if (text.length + part.length <= LIMIT) text += part;
    else left.push(one);
  }
  const members = left.reduce((count, { stacks: names }) => count + names.length, 0);
  return left.length === 0
    ? text
    : `${text}\n_${plural(left.length, 'more kind')} of change in ${plural(members, 'stack')} left out: the comment is full._\n`;
}

function warnings(stacks: readonly StackPreview[]): readonly string[] {
  const good = stacks.filter((stack) => stack.ok);
  const failed = stacks.flatMap((stack) => (stack.ok ? [] : [stack]));
  const named = (wanted: readonly { readonly stack: string }[]): string =>
    inert(
      list(
        wanted.map(({ stack }) => stack),
        20,
      ),
    );
  const risky = good.filter(({ counts }) => counts.replace + counts.delete > 0);
  const lost = good.filter(({ irreversible }) => irreversible.length > 0);
  const foreign = good.filter((stack) => stack.foreign.length > 0);
  const more = failed.length - MOST_FAILURES;
  return [
    ...(risky.length > 0 ? ['', `**Replaces or deletes** in ${named(risky)}.`] : []),
    ...(lost.length > 0
      ? [
          '',
          `**Way back:** data would be lost in ${named(lost)}; a failure there halts instead of taking back.`,
        ]
      : []),
    ...(foreign.length > 0
      ? ['', `**Other tracks’ components would change** in ${named(foreign)}; a rollout stops before these.`]
      : []),
    ...failed
      .slice(0, MOST_FAILURES)
      .flatMap(({ stack, failure }) => [
        '',
        `**Preview of ${inert(stack)} failed:** <code>${inert(shortened(failure.message, MOST_FAILURE))}</code>`,
      ]),
    ...(more > 0 ? ['', `${plural(more, 'more preview')} failed.`] : []),
  ];
}

function table(stacks: readonly StackPreview[]): readonly string[] {
  const rows = stacks.slice(0, MOST_ROWS).map((preview) => {
    const start = `| ${inert(preview.stack)} | ${inert(preview.channel)} |`;
    if (!preview.ok) return `${start} ? | ? | ? | ? | ? | failed |`;
    const { replace, delete: deleted, update, create, same } = preview.counts;
    const name = touches(preview.counts) > 0 ? `\`${preview.class}\`` : 'no change';
    return `${start} ${replace} | ${deleted} | ${update} | ${create} | ${same} | ${name} |`;
  });
  const more = stacks.length - rows.length;
  return [
    '| stack | channel | replace | delete | update | create | same | class |',
    '|---|---|--:|--:|--:|--:|--:|---|',
    ...rows,
    ...(more > 0 ? ['', `… and ${plural(more, 'more stack')}`] : []),
  ];
}

/** What somebody changed by hand, stack by stack; nothing where nobody looked. */
function driftMarkdown(stacks: readonly StackPreview[]): readonly string[] {
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
  const more = lines.length - MOST_CHANGES;
  const summary = `<b>Drift</b> in ${plural(drift.length, 'stack')}: state → what is there`;
  return [
    `<details><summary>${summary}</summary>`,
    '',
    '```diff',
    ...lines.slice(0, MOST_CHANGES).map(fenceSafe),
    ...(more > 0 ? [`  … ${plural(more, 'more line')}`] : []),
    '```',
    '</details>',
    '',
  ];
}

function classMarkdown(one: DiffClass): string {
  const ordered = BY_RISK.flatMap((kind) => one.changes.filter((change) => change.kind === kind));
  const more = ordered.length - MOST_CHANGES;
  return [
    `\n<details><summary><code>${one.class}</code> ${classTitle(one)}: ${inert(list(one.stacks))}</summary>\n`,
    '```diff',
    ...ordered.slice(0, MOST_CHANGES).flatMap(changeLines),
    ...(more > 0 ? [`  … ${plural(more, 'more change')}`] : []),
    '```',
    '</details>\n',
  ].join('\n');
}

/** The sign in front gives the line its colour: red for what is lost, green for what is new, orange for the rest. */
const SIGN = { create: '+', update: '!', replace: '-', delete: '-', same: ' ' } as const;

function changeLines(change: Change): readonly string[] {
  const { kind, type, name, properties } = change;
  const more = properties.length - MOST_PROPERTIES;
  return [
    `${SIGN[kind]} ${changeText(change)} ${type} ${name}`,
    ...properties.slice(0, MOST_PROPERTIES).map((property) => `      ${propertyText(property, MOST_VALUE)}`),
    ...(more > 0 ? [`      … ${plural(more, 'more property')}`] : []),
  ].map(fenceSafe);
}

/** What comes from files and clouds must not end the code block. */
const fenceSafe = (text: string): string => text.replaceAll('```', "'''");

/** Nothing in it is markup, a link or a mention of somebody. */
const inert = (text: string): string =>
  text
    .replaceAll(/[&<>|`*_[\]()!#~\\]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replaceAll('@', '@<!-- -->')
    .replaceAll('://', ':<!-- -->//');
