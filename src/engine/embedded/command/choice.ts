import type { DeploymentRequest } from '../deployment';
import { DependencyGraph } from '../order';
import type { ResourceState, Snapshot } from '../resource';
import { Refusal } from '../state/refusal';
import type { Arguments } from './arguments';

export type Choice = Pick<
  DeploymentRequest,
  'targets' | 'targetDependents' | 'excludes' | 'excludeDependents' | 'replaces'
>;

/** Which resources a command line is about; Refusals for what the real CLI does not take together. */
export function choiceOf(given: Arguments, snapshot: Snapshot): Choice {
  if (given.has('target') && given.has('exclude')) {
    throw new Refusal(
      'if any flags in the group [target exclude] are set none of the others can be; [exclude target] were all set',
    );
  }
  if (given.has('target') && given.has('exclude-protected')) {
    throw new Refusal('you cannot specify --target and --exclude-protected');
  }
  const kept = given.has('exclude-protected') ? [...protectedIn(snapshot)].map(({ urn }) => urn) : [];
  return {
    targets: [...given.texts('target'), ...given.texts('target-replace')],
    targetDependents: given.has('target-dependents'),
    excludes: [...given.texts('exclude'), ...kept],
    excludeDependents: given.has('exclude-dependents'),
    replaces: [...given.texts('replace'), ...given.texts('target-replace')],
  };
}

/** Protected resources and all that they stand on. */
export function protectedIn({ resources }: Snapshot): Set<ResourceState> {
  const graph = new DependencyGraph(resources);
  const kept = new Set<ResourceState>();
  for (const state of resources) {
    if (state.protect !== true) continue;
    for (const foundation of graph.transitiveDependencies(state)) kept.add(foundation);
    kept.add(state);
  }
  return kept;
}
