import type { Change } from '../core/change';
import { type DiffClass, diffClasses, type FleetPreview, touches } from './fleet';
import { fleetLine } from './preview-text';
import { BY_RISK, list, plural, SYMBOL } from './words';

/** Characters a comment may have; the hosts' limit is 65,536. */
const LIMIT = 60_000;

/** The fleet's changes as one comment: summary, every kind of change folded, a table, the way back. */
export function previewMarkdown(fleet: FleetPreview): string {
  const classes = diffClasses(fleet.stacks).filter((one) => touches(one.counts) > 0);
  const risky = fleet.stacks
    .filter(({ counts }) => counts.replace + counts.delete > 0)
    .map(({ stack }) => stack);
  const lost = fleet.stacks.filter((stack) => stack.irreversible.length > 0);
  const failed = fleet.stacks.filter((stack) => stack.failure !== undefined);
  const head = [
    `### ${inert(fleet.title)}`,
    '',
    fleetLine(fleet.stacks),
    ...(risky.length > 0 ? ['', `**Replaces or deletes** in ${inert(list(risky, 20))}.`] : []),
    ...(lost.length > 0
      ? [
          '',
          `**Way back:** data would be lost in ${inert(
            list(
              lost.map(({ stack }) => stack),
              20,
            ),
          )}; a failure there halts instead of taking back.`,
        ]
      : []),
    ...failed.map(({ stack, failure }) => `\n**${inert(stack)}: preview failed:** ${inert(failure ?? '')}`),
    '',
    '| stack | channel | create | update | replace | delete | same | class |',
    '|---|---|--:|--:|--:|--:|--:|---|',
    ...fleet.stacks.map(({ stack, channel, counts: c, class: name, failure }) =>
      failure === undefined
        ? `| ${stack} | ${channel} | ${c.create} | ${c.update} | ${c.replace} | ${c.delete} | ${c.same} | ${touches(c) > 0 ? `\`${name}\`` : 'no change'} |`
        : `| ${stack} | ${channel} | ? | ? | ? | ? | ? | failed |`,
    ),
    '',
  ].join('\n');
  return classes.reduce((text, one) => {
    const part = classMarkdown(one);
    return text.length + part.length <= LIMIT
      ? text + part
      : `${text}\n_${plural(one.stacks.length, 'stack')} of class \`${one.class}\` left out: the comment is full._\n`;
  }, head);
}

function classMarkdown(one: DiffClass): string {
  const count = touches(one.counts);
  const title =
    one.stacks.length > 1
      ? `same ${plural(count, 'change')} in ${one.stacks.length} stacks`
      : `${plural(count, 'change')} in ${one.stacks[0] ?? ''}`;
  const ordered = BY_RISK.flatMap((kind) => one.changes.filter((change) => change.kind === kind));
  return [
    `\n<details><summary><code>${one.class}</code> ${inert(title)}</summary>\n`,
    inert(list(one.stacks, 40)),
    '',
    '```diff',
    ...ordered.flatMap(changeLines),
    '```',
    '</details>\n',
  ].join('\n');
}

function changeLines(change: Change): readonly string[] {
  const sign =
    change.kind === 'create' ? '+' : change.kind === 'delete' || change.kind === 'replace' ? '-' : '!';
  return [
    fenceSafe(`${sign} ${SYMBOL[change.kind]} ${change.kind} ${change.type} ${change.name}`),
    ...change.properties
      .slice(0, 8)
      .map((property) =>
        fenceSafe(`      ${property.path}: ${property.before ?? '(none)'} → ${property.after ?? '(none)'}`),
      ),
  ];
}

/** What comes from files and clouds must not end the code block. */
const fenceSafe = (text: string): string => text.replaceAll('```', "'''").replaceAll('\n', '⏎');
const inert = (text: string): string => text.replaceAll(/[&<>|`*_]/g, (sign) => `&#${sign.charCodeAt(0)};`);
