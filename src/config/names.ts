import { quote } from './wording';

/** Names of stacks, tracks, channels, components, environments, providers: safe in URNs, paths and object keys. */
export const safeName = /^[a-z][a-z0-9-]{0,62}$/;
export const nameRemedy = 'use a-z, 0-9 and -, start with a letter, at most 63 characters';

/** What is wrong with a name, undefined when nothing is. */
export function nameProblem(name: string): { readonly message: string; readonly remedy: string } | undefined {
  if (!safeName.test(name)) return { message: `${quote(name)} is not a safe name`, remedy: nameRemedy };
  // Every JavaScript object answers to this word; a lookup by name must never find that.
  if (name === 'constructor')
    return { message: '"constructor" is a reserved name', remedy: 'choose another name' };
  return undefined;
}
