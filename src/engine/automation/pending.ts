import type { Job } from './message';

/**
 * What a refresh is to do about creations that a killed run left open, given what lives under each URN in a cloud that
 * remembers: the newest that is not `known` is taken into the state, the rest of the notes are dropped. Nothing where the cloud cannot say.
 */
export function pendingCreates(
  pending: readonly string[],
  born: ((urn: string) => readonly string[]) | undefined,
  known: ReadonlySet<string>,
): Pick<Job, 'creations'> {
  const urns = pending.flatMap((text) => {
    const [, urn] = /^creating (.+)$/.exec(text) ?? [];
    return urn === undefined ? [] : [urn];
  });
  if (!born || urns.length === 0) return {};
  return {
    creations: urns.map((urn) => {
      const id = born(urn).findLast((each) => !known.has(each));
      return { urn, ...(id === undefined ? {} : { id }) };
    }),
  };
}
