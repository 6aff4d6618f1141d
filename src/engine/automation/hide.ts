import type { Value } from '../../core/project';
import type { Change, Diagnostic, Failure, Preview, Result, Update } from '../port';

type Hide = (text: string) => string;

/**
 * A result without what `hide` hides, in the texts that come from the program or the cloud. Words of ours stay as they are,
 * and so do types: a secret that is `delete` must not turn a deletion into something that nobody counts.
 */
export function hideIn(result: Result<Preview | Update>, hide: Hide): Result<Preview | Update> {
  if (!result.ok) return { ok: false, failure: hideInFailure(result.failure, hide) };
  const { value } = result;
  return {
    ok: true,
    value: {
      ...value,
      changes: value.changes.map((change) => hideInChange(change, hide)),
      diagnostics: hideInDiagnostics(value.diagnostics, hide),
      ...('outputs' in value ? { outputs: mapValues(value.outputs, (each) => hideInValue(each, hide)) } : {}),
    },
  };
}

export const hideInFailure = (failure: Failure, hide: Hide): Failure => ({
  ...failure,
  message: hide(failure.message),
  diagnostics: hideInDiagnostics(failure.diagnostics, hide),
});

/** The last part of a URN is the program's; the parts before name the stack, the project and types. */
export function hideInUrn(urn: string, hide: Hide): string {
  const parts = urn.split('::');
  return [...parts.slice(0, 3), hide(parts.slice(3).join('::'))].join('::');
}

const hideInChange = (change: Change, hide: Hide): Change => ({
  ...change,
  urn: hideInUrn(change.urn, hide),
  name: hide(change.name),
  properties: change.properties.map((property) => ({
    ...property,
    path: hide(property.path),
    ...(property.before === undefined ? {} : { before: hide(property.before) }),
    ...(property.after === undefined ? {} : { after: hide(property.after) }),
  })),
  replaceKeys: change.replaceKeys.map(hide),
});

const hideInDiagnostics = (diagnostics: readonly Diagnostic[], hide: Hide): Diagnostic[] =>
  diagnostics.map(({ urn, ...diagnostic }) => ({
    ...diagnostic,
    message: hide(diagnostic.message),
    ...(urn === undefined ? {} : { urn: hideInUrn(urn, hide) }),
  }));

/** Keys too, but for those of the outputs themselves: checks look these up, and they stand in the repository's files. */
function hideInValue(value: Value, hide: Hide): Value {
  if (typeof value === 'string') return hide(value);
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map((each) => hideInValue(each, hide));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [hide(key), hideInValue(each, hide)]));
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

const mapValues = (
  values: Readonly<Record<string, Value>>,
  change: (value: Value) => Value,
): Record<string, Value> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
