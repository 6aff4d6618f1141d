import type { Finding } from '../finding';
import { conditions } from '../schema/check';
import { didYouMean } from '../suggest';
import { at, entriesAt, itemsAt, keyPlace, type Leaf, type Tree, textAt } from '../tree';
import { quote } from '../wording';
import type { World } from '../world';
import { outputsOf } from './references';

function* checksOf(world: World): Iterable<{ readonly stack: Tree; readonly check: Tree }> {
  for (const { tree } of world.stacks)
    if (tree)
      for (const check of itemsAt(tree, 'checks')) if (check.kind === 'branch') yield { stack: tree, check };
}

export function* checksAreUnique(world: World): Iterable<Finding> {
  for (const { tree } of world.stacks) {
    const seen = new Set<string>();
    for (const check of itemsAt(tree, 'checks')) {
      const name = textAt(check, 'name');
      const place = at(check, 'name')?.place;
      if (name === undefined || !place) continue;
      if (seen.has(name)) yield { at: place, message: `check ${quote(name)} stands here twice` };
      seen.add(name);
    }
  }
}

export function* checksTestOneThing(world: World): Iterable<Finding> {
  for (const { check } of checksOf(world)) {
    const given = conditions.filter((name) => at(check, name) !== undefined);
    const [http, output] = [at(check, 'http'), at(check, 'output')];
    const head = at(check, 'name')?.place ?? check.place;
    const list = conditions.join(', ');
    if (http && output)
      yield {
        at: keyPlace(check, 'output'),
        message: 'a check has http or output, not both',
        remedy: 'make it two checks',
      };
    else if (!http && !output)
      yield { at: head, message: 'this check tests nothing', remedy: 'add http: or output:' };
    else if (output && given.length === 0)
      yield { at: head, message: 'this check says nothing about its output', remedy: `add one of ${list}` };
    const extra = http ? given[0] : given[1];
    if (extra !== undefined)
      yield {
        at: keyPlace(check, extra),
        message: `${extra} does not belong here`,
        remedy: `an output check has one of ${list}`,
      };
  }
}

export function* checkConditionsCanHold(world: World): Iterable<Finding> {
  for (const { check } of checksOf(world)) {
    const pattern = textAt(check, 'matches');
    const place = at(check, 'matches')?.place;
    if (pattern !== undefined && place && !isPattern(pattern))
      yield { at: place, message: `${quote(pattern)} is not a regular expression` };
    const [low, high] = itemsAt(check, 'between').map((item) => (item.kind === 'leaf' ? item.value : null));
    const range = at(check, 'between')?.place;
    if (typeof low === 'number' && typeof high === 'number' && range && low > high)
      yield {
        at: range,
        message: `nothing is between ${low} and ${high}`,
        remedy: 'the smaller number comes first',
      };
  }
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** A check reads a stack output or a component's output, and further keys into it. */
export function* checksReadAnOutput(world: World): Iterable<Finding> {
  for (const { stack, check } of checksOf(world)) {
    for (const tree of [at(check, 'output'), at(check, 'http', 'url', 'output')])
      if (tree?.kind === 'leaf' && typeof tree.value === 'string')
        yield* unreadable(world, stack, tree, tree.value);
  }
}

function* unreadable(world: World, stack: Tree, tree: Leaf, path: string): Iterable<Finding> {
  const [head = '', next] = path.split('.');
  const outputs = entriesAt(stack, 'outputs').map(([name]) => name);
  const components = entriesAt(stack, 'components').map(([name]) => name);
  if (outputs.includes(head)) return;
  if (!components.includes(head))
    yield {
      at: tree.place,
      message: `${quote(head)} is neither an output nor a component of this stack`,
      remedy: didYouMean(head, [...outputs, ...components], 'outputs and components'),
    };
  else if (next === undefined)
    yield {
      at: tree.place,
      message: `${quote(head)} is a component, not an output`,
      remedy: `write ${head}.OUTPUT`,
    };
  else {
    const names = outputsOf(world, stack, head);
    if (names && !names.includes(next))
      yield {
        at: tree.place,
        message: `${quote(next)} is not an output of ${head}`,
        remedy: didYouMean(next, names, 'outputs'),
      };
  }
}
