import type { Change } from './change';
import { canonical, type Hash } from './digest';

/** What the program of a stack was given when it was previewed, each part a digest so that one can be named. */
export interface Basis {
  /** Content of its components. */
  readonly program: string;
  /** Inputs, providers, outputs, names of variables; `Pulumi.yaml` and the stack's own file. */
  readonly configuration: string;
  /** Node, the engine, SDK and provider packages. */
  readonly versions: string;
}

/** All that an approval of one stack binds to. */
export interface Approval {
  /** Digest of this stack's own changes. */
  readonly digest: string;
  /** Digest of everything the program was given: of the whole basis. */
  readonly operation: string;
  readonly stateVersion: string;
  /** Absent where an older version recorded it, as are the next two. */
  readonly basis?: Basis;
  readonly expected?: Expected;
  /** For a preview made again: which reviewed one it was held against (its digest), and what differs. */
  readonly compared?: { readonly with: string; readonly unlike: readonly string[] };
}

/** Changes as others can be held against them: values that are not known yet are wildcards. */
export interface Expected {
  /** A short digest for each change, without its wildcards. */
  readonly changes: readonly string[];
  /** Where a value was unknown: the short digest of the URN, a blank, the property's path. */
  readonly wildcards: readonly string[];
}

/** What can move under an approval. */
export type Field = keyof Basis | 'state version' | 'changes';

const UNKNOWN = '[unknown]';
/** Enough of a digest for the changes of one stack. */
const SHORT = 12;

export function expectedOf(changes: readonly Change[], hash: Hash): Expected {
  const wildcards = changes.flatMap(({ urn, properties }) =>
    properties.flatMap(({ path, after }) =>
      after?.includes(UNKNOWN) === true ? [placeOf(urn, path, hash)] : [],
    ),
  );
  const certain = changes.flatMap((change) => certainOf(change, wildcards, hash));
  return { changes: certain.map(({ digest }) => digest).sort(), wildcards };
}

/**
 * What these changes do otherwise than expected, as `update aws:s3/bucket:Bucket assets`; empty where they fit. An unknown
 * value fits every value, also the one there was before; what kind of change it is must fit all the same.
 */
export function unlike(expected: Expected, changes: readonly Change[], hash: Hash): string[] {
  const left = [...expected.changes];
  const others = changes
    .flatMap((change) => certainOf(change, expected.wildcards, hash))
    .flatMap(({ digest, change: { kind, type, name } }) => {
      const place = left.indexOf(digest);
      if (place < 0) return [`${kind} ${type} ${name}`];
      left.splice(place, 1);
      return [];
    });
  const missing = left.length - others.length;
  return missing > 0 ? [...others, `${missing} of the reviewed changes no longer`] : others;
}

/** Whether a preview may be applied by an approval of another one. */
export const fits = (reviewed: Approval, now: Approval): boolean =>
  now.digest === reviewed.digest ||
  (now.compared?.with === reviewed.digest && now.compared.unlike.length === 0);

/** What moved from one preview to the other. */
export function movedSince(reviewed: Approval, now: Approval): Field[] {
  const parts = ['program', 'configuration', 'versions'] as const;
  const basis = parts.filter((part) => reviewed.basis?.[part] !== now.basis?.[part]);
  return [
    ...basis,
    ...(reviewed.stateVersion === now.stateVersion ? [] : ['state version' as const]),
    ...(fits(reviewed, now) ? [] : ['changes' as const]),
  ];
}

/** The digest an approval of these stacks binds to, by name of stack. */
export const approvalDigest = (previews: Readonly<Record<string, Approval>>, hash: Hash): string =>
  hash(
    canonical(
      Object.entries(previews)
        .map(([stack, { operation, stateVersion, digest }]) => [stack, operation, stateVersion, digest])
        .sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
    ),
  ).slice(0, 16);

/** A change without its wildcards; nothing where it is an update of nothing else. */
function certainOf(
  change: Change,
  wildcards: readonly string[],
  hash: Hash,
): { readonly change: Change; readonly digest: string }[] {
  // Comes with the first reference to another stack that can be read, and touches no cloud.
  if (change.type === 'pulumi:providers:pulumi') return [];
  const here = placeOf(change.urn, '', hash);
  const own = wildcards.flatMap((place) => (place.startsWith(here) ? [place.slice(here.length)] : []));
  const isCertain = (path: string): boolean =>
    !own.some((open) => isWithin(path, open) || isWithin(open, path));
  // A path without a value (a provider's own, computed one) was nothing to review.
  const properties = change.properties.filter(
    ({ path, before, after }) => isCertain(path) && (before ?? after) !== undefined,
  );
  if (own.length > 0 && change.kind === 'update' && properties.length === 0) return [];
  const { kind, urn, protect, retainOnDelete } = change;
  const replaceKeys = change.replaceKeys.filter(isCertain);
  const certain = { kind, urn, protect, retainOnDelete, properties, replaceKeys };
  return [{ change, digest: hash(canonical(certain)).slice(0, SHORT) }];
}

const isWithin = (path: string, outer: string): boolean =>
  path === outer || (path.startsWith(outer) && /^[.[]/.test(path.slice(outer.length)));

const placeOf = (urn: string, path: string, hash: Hash): string => `${hash(urn).slice(0, SHORT)} ${path}`;
