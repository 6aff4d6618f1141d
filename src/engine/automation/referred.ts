import type { Value } from '../../core/project';
import type { Operation } from '../port';

/** Names of the stacks whose outputs a program reads, each once. */
export function stacksReferred({ components, providers, outputs }: Operation): readonly string[] {
  const names = new Set<string>();
  const visit = (value: Value): void => {
    if (value === null || typeof value !== 'object') return;
    if ('fromStack' in value && typeof value.fromStack === 'string') names.add(value.fromStack);
    for (const inner of Object.values(value)) visit(inner);
  };
  for (const { inputs } of components) visit(inputs);
  visit(providers);
  visit(outputs);
  return [...names];
}
