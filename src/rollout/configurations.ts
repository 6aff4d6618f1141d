import type { Fleet } from '../core/fleet';
import { contentsOf } from '../core/plan';
import type { Release } from '../core/release';
import { basisOf, operationOf } from './operation';
import type { Ports } from './ports';

/**
 * Stack → digest of the configuration it would get with this release, for stacks of the release's track of which the ledger
 * knows the one they run with.
 */
export async function configurationsOf(
  ports: Pick<Ports, 'project' | 'variables' | 'hash' | 'given'>,
  release: Release,
  fleet: Fleet,
): Promise<ReadonlyMap<string, string>> {
  const { project } = ports;
  const digests = new Map<string, string>();
  for (const stack of Object.values(project.stacks)) {
    const follows = Object.values(stack.components).some(({ track }) => track === release.track);
    if (!follows || fleet.stacks.get(stack.name)?.configuration === undefined) continue;
    const contents = contentsOf(stack, release, project, fleet);
    const operation = operationOf(ports, {
      stack: stack.name,
      contents,
      deployment: '',
      release: release.id,
    });
    digests.set(stack.name, (await basisOf(ports, operation)).configuration);
  }
  return digests;
}
