import type { Finding } from '../finding';
import { outputNames } from '../inputs/component-schema';
import { type Reference, references } from '../inputs/references';
import { didYouMean } from '../suggest';
import { at, entriesAt, type Tree, textAt } from '../tree';
import { quote } from '../wording';
import type { World } from '../world';
import { cycles } from './cycles';
import { valuesOf } from './stacks';
import { subscriptions } from './subscriptions';

const fromIn = (tree: Tree | undefined): readonly (Reference & { readonly kind: 'from' })[] =>
  tree ? references(tree).filter((reference) => reference.kind === 'from') : [];

export function* referencesAreWellFormed(world: World): Iterable<Finding> {
  for (const { tree } of world.stacks)
    for (const value of valuesOf(tree))
      for (const reference of references(value))
        if (reference.kind === 'malformed')
          yield { at: reference.place, message: reference.message, remedy: reference.remedy };
}

/** Every `from` names a component of its stack and, where that component's schema is known, an output of it. */
export function* fromNamesAnOutput(world: World): Iterable<Finding> {
  for (const { tree } of world.stacks) {
    const components = entriesAt(tree, 'components').map(([name]) => name);
    for (const { component, keys, place } of valuesOf(tree).flatMap(fromIn)) {
      if (!components.includes(component))
        yield {
          at: place,
          message: `${quote(component)} is not a component of this stack`,
          remedy: didYouMean(component, components, 'components'),
        };
      else {
        const outputs = outputsOf(world, tree, component);
        const [output = ''] = keys;
        if (outputs && !outputs.includes(output))
          yield {
            at: place,
            message: `${quote(output)} is not an output of ${component}`,
            remedy: didYouMean(output, outputs, 'outputs'),
          };
      }
    }
  }
}

/** What a component of a stack gives out; undefined where no schema says it. */
export function outputsOf(world: World, stack: Tree | undefined, key: string): readonly string[] | undefined {
  const component = at(stack, 'components', key);
  if (!component || at(component, 'commit')) return undefined;
  const track = textAt(component, 'track') ?? textAt(stack, 'track');
  const schema =
    track === undefined ? undefined : world.schemaOf(track, textAt(component, 'component') ?? key);
  return schema?.ok ? outputNames(schema.outputs) : undefined;
}

export function* componentsDoNotCircle(world: World): Iterable<Finding> {
  for (const { tree } of world.stacks) {
    const edges = new Map(
      entriesAt(tree, 'components').map(([name, entry]) => [name, fromIn(at(entry.value, 'inputs'))]),
    );
    const graph = new Map([...edges].map(([name, refs]) => [name, refs.map(({ component }) => component)]));
    for (const circle of cycles(graph)) {
      const next = circle[1] ?? circle[0];
      const place = edges.get(circle[0])?.find(({ component }) => component === next)?.place;
      if (place) yield { at: place, message: `component cycle: ${[...circle, circle[0]].join(' → ')}` };
    }
  }
}

/** Every component of a stack uses its providers, so none of them can wait for a component. */
export function* providersWaitForNoComponent(world: World): Iterable<Finding> {
  for (const { tree } of world.stacks)
    for (const { place } of fromIn(at(tree, 'providers')))
      yield {
        at: place,
        message: 'a provider cannot use an output of a component of its own stack',
        remedy: 'read it from another stack with fromStack, or from a secret',
      };
}

/** Another stack gives out what its `outputs` declare, and nothing else. */
export function* fromStackNamesAnOutput(world: World): Iterable<Finding> {
  const byName = new Map(world.stacks.map((stack) => [stack.name, stack.tree]));
  for (const { tree } of world.stacks)
    for (const value of valuesOf(tree))
      for (const reference of references(value)) {
        const other = reference.kind === 'from-stack' ? byName.get(reference.stack) : undefined;
        if (reference.kind !== 'from-stack' || !other) continue;
        const outputs = entriesAt(other, 'outputs').map(([name]) => name);
        if (!outputs.includes(reference.output))
          yield {
            at: reference.outputPlace,
            message: `${quote(reference.output)} is not an output of stack ${reference.stack}`,
            remedy: didYouMean(reference.output, outputs, 'outputs'),
          };
      }
}

/** Both are keys of what the program exports. */
export function* outputsAndComponentsDiffer(world: World): Iterable<Finding> {
  for (const { stack, key } of subscriptions(world)) {
    const entry = entriesAt(stack, 'outputs').find(([name]) => name === key)?.[1];
    if (entry)
      yield {
        at: entry.key,
        message: `${quote(key)} is a component of this stack`,
        remedy: 'name the output otherwise',
      };
  }
}
