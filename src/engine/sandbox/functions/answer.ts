import type { Wire, WireObject } from '../../embedded/provider';
import type { Cloud } from '../cloud';
import type { Site } from '../overlay/overlay';

/** A call of a provider function. */
export interface Invocation {
  readonly cloud: Cloud;
  readonly site: Site;
  readonly token: string;
  /** Without secrets and, as nothing calls a function with them, without unknown values. */
  readonly args: WireObject;
}

/** Throws a Refusal where the cloud has no answer. */
export type Answer = (invocation: Invocation) => WireObject;

/** By token, or as `package::function` where modules moved between versions. */
export type Answers = Readonly<Record<string, Answer>>;

/** A text that was given; undefined where it is missing or empty. */
export function written(args: WireObject, key: string): string | undefined {
  const value = args[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export interface Filter {
  readonly name: string;
  readonly values: readonly string[];
}

/** The `filters` of the arguments: `[{name: 'vpc-id', values: ['vpc-1']}]`. */
export function filtersOf(args: WireObject): Filter[] {
  const filters = args['filters'];
  if (!Array.isArray(filters)) return [];
  return (filters as WireObject[]).map(({ name, values }) => ({
    name: String(name),
    values: Array.isArray(values) ? values.map((value: Wire) => String(value)) : [],
  }));
}

/** Whether a value is one of those a filter gives; `*` and `?` are wildcards. */
export const isAmong = (value: string, { values }: Filter): boolean =>
  values.some((pattern) => {
    const form = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    return new RegExp(`^${form}$`).test(value);
  });
