import type { Basis } from '../core/approval';
import { canonical } from '../core/digest';
import type { Contents } from '../core/plan';
import type { Stack, Value } from '../core/project';
import type { Operation, ProgramComponent } from '../engine/port';
import type { Ports } from './ports';

export interface OperationWish {
  readonly stack: string;
  readonly contents: Contents;
  readonly deployment: string;
  readonly release: string;
}

/** Everything the program of a stack needs to run this content. Components of which nothing is configured are left out. */
export function operationOf(ports: Pick<Ports, 'project' | 'variables'>, wish: OperationWish): Operation {
  const { project } = ports;
  const stack = project.stacks[wish.stack];
  if (!stack) throw new Error(`no stack ${wish.stack} in the project`);
  const components = componentsOf(stack, wish.contents);
  const present = new Set(components.map(({ name }) => name));
  const outputs = Object.entries(stack.outputs).filter(([, value]) =>
    referencesIn(value).every((name) => present.has(name) || !(name in stack.components)),
  );
  return {
    project: project.name,
    stack: stack.name,
    components,
    providers: stack.providers,
    outputs: Object.fromEntries(outputs),
    variables: ports.variables(stack.environment),
    deployment: wish.deployment,
    release: wish.release,
    timeout: project.engine.timeout,
  };
}

/** What the program is given; the deployment and the release's name are not part of it, values of variables neither. */
export async function basisOf(
  { hash, given }: Pick<Ports, 'hash' | 'given'>,
  operation: Operation,
): Promise<Basis> {
  const { project, stack, components, providers, outputs, variables } = operation;
  const { configuration, versions } = await given(stack);
  const inputs = components.map((component) => component.inputs);
  const names = Object.keys(variables).sort();
  const trees = components.map(({ name, component, digest }) => ({ name, component, digest }));
  return {
    program: hash(canonical({ project, stack, trees })),
    configuration: hash(canonical({ inputs, providers, outputs, names, configuration })),
    versions,
  };
}

export const basisDigest = (basis: Basis, hash: Ports['hash']): string => hash(canonical(basis));

function componentsOf(stack: Stack, contents: Contents): ProgramComponent[] {
  const ordered: ProgramComponent[] = [];
  const visit = (name: string, path: readonly string[]): void => {
    const content = contents[name];
    const configured = stack.components[name];
    const isDone = ordered.some((each) => each.name === name) || path.includes(name);
    if (!content || !configured || isDone) return;
    for (const other of referencesIn(configured.inputs).sort()) visit(other, [...path, name]);
    ordered.push({ name, component: content.component, digest: content.digest, inputs: configured.inputs });
  };
  for (const name of Object.keys(stack.components).sort()) visit(name, []);
  return ordered;
}

/** Names of the components whose outputs a value refers to (`{from: 'network.vpcId'}`). */
function referencesIn(value: Value): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isList(value)) return value.flatMap(referencesIn);
  const { from, ...others } = value;
  if (typeof from === 'string' && Object.keys(others).length === 0) return [from.split('.')[0] ?? from];
  return Object.values(value).flatMap(referencesIn);
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
