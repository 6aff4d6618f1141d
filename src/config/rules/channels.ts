import type { Finding } from '../finding';
import { didYouMean } from '../suggest';
import { at, itemsAt, type Place, type Tree, textAt } from '../tree';
import { quote } from '../wording';
import type { World } from '../world';

/** Channel names in order of risk, as far as they could be read. */
export function channelNames(world: World): readonly string[] {
  const names = itemsAt(world.signalbox, 'channels').map((channel) => textAt(channel, 'name'));
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** The risk rank of a stack; undefined where its channel is unknown. */
export function rankOf(world: World, stack: Tree | undefined): number | undefined {
  const rank = channelNames(world).indexOf(textAt(stack, 'channel') ?? '');
  return rank < 0 ? undefined : rank;
}

export function* channelsAreUnique(world: World): Iterable<Finding> {
  const seen = new Set<string>();
  for (const channel of itemsAt(world.signalbox, 'channels')) {
    const name = at(channel, 'name');
    const text = textAt(channel, 'name');
    if (!name || text === undefined) continue;
    if (seen.has(text)) yield { at: name.place, message: `channel ${quote(text)} stands here twice` };
    seen.add(text);
  }
}

export function* stacksAreInOneChannel(world: World): Iterable<Finding> {
  const names = channelNames(world);
  if (names.length === 0) return;
  for (const { tree } of world.stacks) {
    const channel = at(tree, 'channel');
    const name = textAt(tree, 'channel');
    if (!channel || name === undefined || names.includes(name)) continue;
    yield {
      at: channel.place,
      message: `${quote(name)} is not a channel`,
      remedy: didYouMean(name, names, 'channels'),
    };
  }
}

/** Counts may not fall, nor may shares; the last wave must hold every stack of its channel. */
export function* wavesAscendToAll(world: World): Iterable<Finding> {
  for (const channel of itemsAt(world.signalbox, 'channels')) {
    const waves = itemsAt(channel, 'waves');
    const sizes = waves.map(readSize);
    for (const [index, size] of sizes.entries()) {
      const earlier = sizes.slice(0, index).findLast((other) => size && other?.unit === size.unit);
      const place = waves[index]?.place;
      if (size && earlier && place && size.amount <= earlier.amount)
        yield { at: place, message: 'waves are cumulative: each is larger than the one before' };
    }
    const last = sizes.at(-1);
    const place = waves.at(-1)?.place;
    if (last && place) yield* coversAll(world, textAt(channel, 'name'), last, place);
  }
}

function* coversAll(world: World, name: string | undefined, last: Size, place: Place): Iterable<Finding> {
  if (last.unit === 'share') {
    if (last.amount < 100)
      yield { at: place, message: 'the last wave leaves stacks out', remedy: 'end the waves with 100%' };
    return;
  }
  const members = world.stacks.filter(({ tree }) => textAt(tree, 'channel') === name).length;
  if (name !== undefined && last.amount < members)
    yield {
      at: place,
      message: `the last wave holds ${last.amount} of ${members} stacks`,
      remedy: 'end the waves with 100%',
    };
}

interface Size {
  readonly unit: 'count' | 'share';
  readonly amount: number;
}

function readSize(tree: Tree): Size | undefined {
  if (tree.kind !== 'leaf') return undefined;
  if (typeof tree.value === 'number') return { unit: 'count', amount: tree.value };
  const share = typeof tree.value === 'string' ? /^(\d{1,3})%$/.exec(tree.value)?.[1] : undefined;
  return share === undefined ? undefined : { unit: 'share', amount: Number(share) };
}

/** A caution: such a channel is passed through without anything being proven in it. */
export function* channelsHoldStacks(world: World): Iterable<Finding> {
  const used = new Set(world.stacks.map(({ tree }) => textAt(tree, 'channel')));
  // A stack that could not be read may be the one that is missed here.
  if (world.stacks.some(({ tree }) => !tree)) return;
  for (const channel of itemsAt(world.signalbox, 'channels')) {
    const name = textAt(channel, 'name');
    const place = at(channel, 'name')?.place;
    if (name !== undefined && place && !used.has(name))
      yield { at: place, message: `channel ${quote(name)} holds no stack` };
  }
}

/** A caution: a folder named after one channel holds a stack of another. */
export function* foldersTellTheChannel(world: World): Iterable<Finding> {
  const names = channelNames(world);
  for (const { file, tree } of world.stacks) {
    const channel = at(tree, 'channel');
    const name = textAt(tree, 'channel');
    const folder = file.split('/')[1];
    if (!channel || folder === undefined || folder === name || !names.includes(folder)) continue;
    yield { at: channel.place, message: `${file} lies in the folder of ${folder}, its channel is ${name}` };
  }
}
