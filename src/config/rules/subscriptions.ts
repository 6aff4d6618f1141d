import type { Finding } from '../finding';
import { didYouMean } from '../suggest';
import { at, type Entry, entriesAt, type Place, type Tree, textAt } from '../tree';
import { quote } from '../wording';
import type { World } from '../world';

export interface Subscription {
  /** Key in the stack file. */
  readonly key: string;
  readonly entry: Entry;
  readonly stack: Tree;
  readonly component: string;
  readonly componentPlace: Place;
  readonly track: string | undefined;
  readonly isPinned: boolean;
}

/** Every component of every stack with the track it follows. */
export function* subscriptions(world: World): Iterable<Subscription> {
  for (const { tree } of world.stacks) {
    if (!tree) continue;
    for (const [key, entry] of entriesAt(tree, 'components')) {
      yield {
        key,
        entry,
        stack: tree,
        component: textAt(entry.value, 'component') ?? key,
        componentPlace: at(entry.value, 'component')?.place ?? entry.key,
        track: textAt(entry.value, 'track') ?? textAt(tree, 'track'),
        isPinned: pinKeys.some((name) => at(entry.value, name) !== undefined),
      };
    }
  }
}

const pinKeys = ['commit', 'digest', 'reason', 'until'] as const;

export function* subscriptionsResolve(world: World): Iterable<Finding> {
  for (const { tree } of world.stacks) yield* unknownTrack(world, tree);
  for (const { key, entry, stack, track } of subscriptions(world)) {
    yield* unknownTrack(world, entry.value);
    if (track === undefined && !at(stack, 'track') && !at(entry.value, 'track'))
      yield {
        at: entry.key,
        message: `component ${quote(key)} follows no track`,
        remedy: 'add track: to the stack or to the component',
      };
  }
}

function* unknownTrack(world: World, tree: Tree | undefined): Iterable<Finding> {
  const name = textAt(tree, 'track');
  const place = at(tree, 'track')?.place;
  if (name === undefined || !place || world.tracks.has(name)) return;
  const remedy = didYouMean(name, world.tracks.keys(), 'tracks');
  yield { at: place, message: `${quote(name)} is not a track`, remedy };
}

export function* componentsArePinned(world: World): Iterable<Finding> {
  for (const { component, componentPlace, track, isPinned } of subscriptions(world)) {
    const file = track === undefined ? undefined : world.tracks.get(track);
    if (!file?.tree || isPinned) continue;
    const pins = entriesAt(file.tree, 'components').map(([name]) => name);
    if (pins.includes(component)) continue;
    yield {
      at: componentPlace,
      message: `${quote(component)} is not a component of track ${track}`,
      remedy: didYouMean(component, pins) ?? `run: npm run vendor -- pull --track ${track}`,
    };
  }
}

/** A pin of a stack's own is a divergence somebody planned: it says why, and until when. */
export function* strictPinsAreWholeAndDated(world: World): Iterable<Finding> {
  for (const { entry, isPinned } of subscriptions(world)) {
    if (!isPinned) continue;
    const missing = pinKeys.filter((name) => at(entry.value, name) === undefined);
    if (missing.length > 0)
      yield {
        at: entry.key,
        message: `this pin lacks ${missing.join(', ')}`,
        remedy: 'a pin has commit, digest, reason and until',
      };
    const until = textAt(entry.value, 'until');
    const place = at(entry.value, 'until')?.place;
    if (until === undefined || !place) continue;
    if (Date.parse(until) <= world.now)
      yield {
        at: place,
        message: `this pin ended on ${until.slice(0, 10)}`,
        remedy: 'remove the pin, or decide on a later date',
      };
  }
}
