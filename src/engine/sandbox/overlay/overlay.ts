import { createHash } from 'node:crypto';
import type { Instant } from '../../../core/time';
import type { Wire, WireObject } from '../../embedded/provider';

/** Whose account it is, and where. */
export interface Site {
  readonly seed: string;
  readonly stack: string;
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  /** Tags that the provider's configuration puts on everything. */
  readonly tags: WireObject;
}

/** What is known of one resource when its id and outputs are made. */
export interface Facts extends Site {
  readonly urn: string;
  readonly name: string;
  /** Empty while the id itself is made. */
  readonly id: string;
  /** Checked inputs without secrets around them. */
  readonly inputs: WireObject;
  /** How many resources lived under the URN before. */
  readonly births: number;
  /** 1 when created, one more with each update. */
  readonly revision: number;
  readonly created: Instant;
  /** Outputs of a live resource of the same stack. */
  readonly lookup: (type: string, id: string) => WireObject | undefined;
}

/**
 * What the declarations of a type do not say. Paths as in `tags.name`, `rules[*].port`. Types without an overlay work
 * with a generated id and ARN, and every change of them is made in place.
 */
export interface Overlay {
  /** Inputs whose change forces a new resource. */
  readonly replace?: readonly string[];
  /** More of them, where that hangs on what the new inputs are. */
  readonly replaceWith?: (news: WireObject) => readonly string[];
  /** The property that gets a generated name where none is given. */
  readonly autoname?: { readonly property: string; readonly longest: number };
  /** Inputs the provider fills in. */
  readonly defaults?: WireObject;
  /** Whether there can be only one of it where it belongs, such as a bucket's policy. */
  readonly isSingle?: boolean;
  /** Whether deleting it loses something that deploying again does not bring back. */
  readonly stateful: boolean;
  readonly id: (facts: Facts) => string;
  /** Outputs that follow from the facts; an input of the same name comes first. */
  readonly computed?: Readonly<Record<string, (facts: Facts) => Wire>>;
  /** Inputs that are secrets even where a program gives them plain. */
  readonly sensitive?: readonly string[];
  /** DNS names it answers to, in lower case, from its outputs. */
  readonly hosts?: (outputs: WireObject) => readonly string[];
}

export type Overlays = Readonly<Record<string, Overlay>>;

/** Hex digits that only this seed and these words give. */
export function digest(length: number, ...words: readonly (string | number)[]): string {
  return createHash('sha256').update(words.join('\u0000')).digest('hex').slice(0, length);
}

/** Hex digits of this resource: the same in every run, another after a replacement. */
export function hex(facts: Facts, length: number, label = ''): string {
  return digest(length, facts.seed, facts.urn, facts.births, label);
}

/** Letters and digits, as in names that AWS makes up. */
export function token(facts: Facts, length: number, label = ''): string {
  const digits = BigInt(`0x${hex(facts, 60, label)}`).toString(36);
  return digits.slice(1, 1 + length);
}

/** 8-4-4-4-12 hex digits. */
export function uuid(facts: Facts, label = 'uuid'): string {
  const digits = hex(facts, 32, label);
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** An id that is put together from inputs; those that are not given are left out. */
export const joined =
  (separator: string, ...properties: readonly string[]) =>
  (facts: Facts): string =>
    properties
      .map((property) => text(facts, property))
      .filter((part) => part !== '')
      .join(separator);

/** A part of something else, told apart by what it belongs to: nothing is lost with it. */
export const part = (
  replace: readonly string[],
  id: (facts: Facts) => string,
  computed: Overlay['computed'] = {},
): Overlay => ({ replace, stateful: false, id, computed });

/** An id as of EC2: `vpc-0a1b2c3d4e5f60718`. */
export function prefixed(prefix: string): (facts: Facts) => string {
  return (facts) => `${prefix}-0${hex(facts, 16)}`;
}

export function text(facts: Facts, property: string, otherwise = ''): string {
  const value = facts.inputs[property];
  if (typeof value === 'string' && value !== '') return value;
  return typeof value === 'number' ? String(value) : otherwise;
}

export function number(facts: Facts, property: string, otherwise: number): number {
  const value = facts.inputs[property];
  return typeof value === 'number' ? value : otherwise;
}

/** The ARN of a regional service; `path` is the part after the account. */
export function arn(service: string, path: (facts: Facts) => string): (facts: Facts) => string {
  return (facts) => `arn:aws:${service}:${facts.region}:${facts.account}:${path(facts)}`;
}

export const given =
  (property: string, otherwise = '') =>
  (facts: Facts): string =>
    text(facts, property, otherwise);

export const account = (facts: Facts): string => facts.account;
export const identity = (facts: Facts): string => facts.id;
/** An RFC 3339 time of creation. */
/** The last part of an ARN or path. */
export const last = (value: string): string => value.split('/').at(-1) ?? value;

export const created = (facts: Facts): string => `${new Date(facts.created).toISOString().slice(0, 19)}Z`;

/** Account number of a stack: twelve digits, the first none of 0. */
export function accountOf(seed: string, stack: string): string {
  const digits = BigInt(`0x${digest(16, seed, 'account', stack)}`) % 900_000_000_000n;
  return String(100_000_000_000n + digits);
}
