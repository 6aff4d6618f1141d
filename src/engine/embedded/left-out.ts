/** What counts even where it says nothing: any value at all is a trigger. */
const NEVER: ReadonlySet<string> = new Set(['custom', 'urn', 'type', 'replacementTrigger']);

/** Whether a checkpoint leaves a resource's field out: false, empty text, empty lists and maps. */
export const isLeftOut = (key: string, value: unknown): boolean =>
  value === undefined || (!NEVER.has(key) && isEmpty(value));

function isEmpty(value: unknown): boolean {
  if (value === null || value === false || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value !== 'object') return false;
  for (const _ in value) return false;
  return true;
}
