/** A state that uses none of the features is of version 3, so that older engines can read it. */
export const VERSIONS = { plain: 3, featured: 4 } as const;
/** Features of the format that are kept here. */
const FEATURES: ReadonlySet<string> = new Set(['replaceWith', 'taint']);

/** What of a state's form nobody here knows, as `version 5` or `features: views`; undefined where it can be read. */
export function unknownIn(form: {
  readonly version: number;
  readonly features?: readonly string[] | null | undefined;
}): string | undefined {
  const { version, features } = form;
  if (version !== VERSIONS.plain && version !== VERSIONS.featured) return `version ${version}`;
  const unknown = (features ?? []).filter((feature) => version === VERSIONS.plain || !FEATURES.has(feature));
  return unknown.length === 0 ? undefined : `features: ${unknown.join(', ')}`;
}
