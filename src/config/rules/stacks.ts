import type { Finding } from '../finding';
import { references } from '../inputs/references';
import { nameProblem } from '../names';
import { didYouMean } from '../suggest';
import { at, entriesAt, isText, itemsAt, type Place, startOf, type Tree, textAt } from '../tree';
import { quote } from '../wording';
import type { World } from '../world';
import { rankOf } from './channels';
import { cycles } from './cycles';

export function* stacksAreNamed(world: World): Iterable<Finding> {
  const first = new Map<string, string>();
  for (const { name, file } of world.stacks) {
    const problem = nameProblem(name);
    if (problem) yield { at: startOf(file), ...problem };
    const other = first.get(name);
    if (other !== undefined)
      yield {
        at: startOf(file),
        message: `stack ${quote(name)} is described twice`,
        remedy: `${other} has the same name`,
      };
    else first.set(name, file);
  }
}

export function* environmentsExist(world: World): Iterable<Finding> {
  if (!world.signalbox) return;
  const known = entriesAt(world.signalbox, 'environments').map(([name]) => name);
  for (const { tree } of world.stacks) {
    const name = textAt(tree, 'environment');
    const place = at(tree, 'environment')?.place;
    if (name === undefined || !place || known.includes(name)) continue;
    const remedy = didYouMean(name, known, 'environments');
    yield { at: place, message: `${quote(name)} is not an environment`, remedy };
  }
}

interface Edge {
  readonly to: string;
  readonly place: Place;
  readonly verb: 'depends on' | 'reads an output of';
}

/** What a stack waits for: `dependsOn`, and every stack whose outputs it reads. */
function edgesOf(tree: Tree | undefined): readonly Edge[] {
  const written = itemsAt(tree, 'dependsOn')
    .filter(isText)
    .map((item): Edge => ({ to: item.value, place: item.place, verb: 'depends on' }));
  return [...written, ...readEdges(tree)];
}

function readEdges(tree: Tree | undefined): readonly Edge[] {
  return valuesOf(tree).flatMap((value) =>
    references(value).flatMap((reference): readonly Edge[] =>
      reference.kind === 'from-stack'
        ? [{ to: reference.stack, place: reference.place, verb: 'reads an output of' }]
        : [],
    ),
  );
}

/** Every place of a stack file in which a reference may stand. */
export function valuesOf(tree: Tree | undefined): readonly Tree[] {
  return [
    ...entriesAt(tree, 'providers').map(([, entry]) => entry.value),
    ...entriesAt(tree, 'components').flatMap(([, entry]) => at(entry.value, 'inputs') ?? []),
    ...[at(tree, 'outputs')].filter((outputs) => outputs !== undefined),
  ];
}

export function* dependenciesExist(world: World): Iterable<Finding> {
  const known = new Set(world.stacks.map(({ name }) => name));
  for (const { name, tree } of world.stacks) {
    for (const { to, place, verb } of edgesOf(tree)) {
      if (to === name) yield { at: place, message: `this stack ${verb} itself` };
      else if (!known.has(to))
        yield { at: place, message: `${quote(to)} is not a stack`, remedy: didYouMean(to, known, 'stacks') };
    }
  }
}

export function* dependenciesComeEarlier(world: World): Iterable<Finding> {
  const byName = new Map(world.stacks.map((stack) => [stack.name, stack]));
  for (const { tree } of world.stacks) {
    const own = rankOf(world, tree);
    for (const { to, place, verb } of edgesOf(tree)) {
      const other = rankOf(world, byName.get(to)?.tree);
      if (own === undefined || other === undefined || other <= own) continue;
      const channel = textAt(byName.get(to)?.tree, 'channel');
      yield {
        at: place,
        message: `this stack ${verb} ${quote(to)}, whose channel ${channel} comes later`,
        remedy: 'a stack can wait only for stacks of its own or an earlier channel',
      };
    }
  }
}

export function* dependenciesDoNotCircle(world: World): Iterable<Finding> {
  const byName = new Map(world.stacks.map((stack) => [stack.name, edgesOf(stack.tree)]));
  const graph = new Map([...byName].map(([name, edges]) => [name, edges.map(({ to }) => to)]));
  for (const circle of cycles(graph)) {
    if (circle.length < 2) continue;
    const place = byName.get(circle[0])?.find(({ to }) => to === circle[1])?.place;
    if (place) yield { at: place, message: `dependency cycle: ${[...circle, circle[0]].join(' → ')}` };
  }
}
