import type { Value } from '../core/project';

/** What stands at a path in a stack's outputs. `why` says for people why it cannot be checked. */
export type Found = { readonly value: Value } | { readonly missing: string } | { readonly secret: string };

/** How the engine writes an output that is secret. */
const secret = '[secret]';

/**
 * Walks `web.url`, `network.privateSubnets.0` or `url` into the outputs. Output names may contain dots themselves
 * (`component.output`): the longest name that exists is taken first. null counts as missing, as Pulumi drops it.
 */
export function lookUp(outputs: Readonly<Record<string, Value>>, path: string): Found {
  const value = walk(outputs, path.split('.'));
  if (value === undefined || value === null) return { missing: `there is no output ${path}` };
  if (value === secret) return { secret: `the output ${path} is secret, it cannot be checked` };
  return { value };
}

function walk(value: Value, steps: readonly string[]): Value | undefined {
  if (steps.length === 0 || value === secret) return value;
  if (value === null || typeof value !== 'object') return undefined;
  for (let length = steps.length; length > 0; length -= 1) {
    const name = steps.slice(0, length).join('.');
    // `length` of a list is not one of its members; inherited names are not outputs.
    if (!Object.hasOwn(value, name) || (Array.isArray(value) && !/^\d+$/.test(name))) continue;
    const member = (value as { readonly [name: string]: Value })[name];
    const found = member === undefined ? undefined : walk(member, steps.slice(length));
    if (found !== undefined) return found;
  }
  return undefined;
}
