import type { Answering } from './draft';
import type { Generator } from './generate';
import { dependenciesOf } from './order';
import type { ResourceState } from './resource';
import { Bail } from './run';
import type { Step } from './step';
import { parseReference } from './urn';

/** A resource that is left as it is because the operation is about others. */
export function sameOf(old: ResourceState, answer?: Answering): Step {
  const { id: _, ...copy } = old;
  return { op: 'same', old, new: copy, untargeted: true, ...(answer ? { answer } : {}) };
}

/**
 * The steps that leave a registered resource as it is: what it stands on goes before it, also where the program does not
 * name it any more, or the state would end up in a wrong order.
 */
export function untouched(generator: Generator, old: ResourceState, answer: Answering): Step[] {
  if (old.provider) {
    const reference = parseReference(old.provider);
    if (!generator.run.registry.get(reference)) {
      throw new Error(
        `provider ${old.provider} for resource ${old.urn} has not been registered yet, this is due to a change of ` +
          'providers mixed with --target. Change your program back to the original providers',
      );
    }
  }
  return [...foundations(generator, old, old.urn), sameOf(old, answer)];
}

function foundations(generator: Generator, old: ResourceState, cause: string): Step[] {
  generator.registered.add(old.urn);
  generator.operated.add(old.urn);
  const steps: Step[] = [];
  const add = (state: ResourceState | undefined): void => {
    if (!state || state.delete) return;
    steps.push(...foundations(generator, state, cause), sameOf(state));
  };
  if (old.provider) {
    const { urn, id } = parseReference(old.provider);
    const provider = generator.run.olds.get(urn);
    if (!generator.isSettled(urn) && !generator.isOperatedOn(urn) && provider?.id === id) add(provider);
  }
  for (const urn of [...(old.parent ? [old.parent] : []), ...dependenciesOf(old)]) {
    if (generator.isSettled(urn)) continue;
    const state = generator.run.olds.get(urn);
    if (!state) throw new Bail(`${urn}, on which the untargeted resource ${cause} stands, has no old state`);
    add(state);
  }
  return steps;
}
