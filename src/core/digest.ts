import type { Change } from './change';
import type { Pins } from './plan';

/** SHA-256 of a UTF-8 text in lower-case hex. Comes in as a value: policy has no crypto of its own. */
export type Hash = (text: string) => string;

/** JSON with keys sorted by UTF-16 code units, no white space and no undefined members: equal content gives equal text. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
}

/** `sha256:…` of what a release is: trees and SDK. Commits are not part of it: the same trees are the same release. */
export function releaseDigest(components: Pins, sdk: string, hash: Hash): string {
  const trees = Object.fromEntries(Object.entries(components).map(([name, pin]) => [name, pin.digest]));
  return `sha256:${hash(canonical({ components: trees, sdk }))}`;
}

/** Digest of one stack's own changes, whatever order they were reported in. */
export function changesDigest(changes: readonly Change[], hash: Hash): string {
  return hash(canonical(changes.map(canonical).sort()));
}

/**
 * The diff class: short digest of the changes without what only names the stack, and without blinded values, which look
 * alike whether or not they are. Stacks of one class change in the same way.
 */
export function classOf(changes: readonly Change[], stack: string, hash: Hash): string {
  const neutral = neutralizer(stack);
  const lines = changes.map((change) =>
    canonical({
      ...change,
      urn: neutral(change.urn.replace(/^urn:pulumi:[^:]*::/, 'urn:pulumi:*::')),
      name: neutral(change.name),
      properties: change.properties.map(({ path, before, after }) => ({
        path,
        before: visible(before, neutral),
        after: visible(after, neutral),
      })),
    }),
  );
  return hash(canonical(lines.sort())).slice(0, 8);
}

function visible(value: string | undefined, neutral: (text: string) => string): string | undefined {
  return value === undefined || value.includes('[secret]') ? undefined : neutral(value);
}

/** Puts `*` where the stack's name stands as a word of its own. */
export function neutralizer(stack: string): (text: string) => string {
  const name = stack.replace(/[^A-Za-z0-9]/g, '\\$&');
  const word = new RegExp(`(?<![A-Za-z0-9])${name}(?![A-Za-z0-9])`, 'g');
  return (text) => text.replace(word, '*');
}
