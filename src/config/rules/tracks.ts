import type { Finding } from '../finding';
import { nameProblem } from '../names';
import { didYouMean } from '../suggest';
import { at, keyPlace, startOf, textAt } from '../tree';
import { quote } from '../wording';
import type { World } from '../world';
import { cycles } from './cycles';

export function* trackFoldersAreNamed(world: World): Iterable<Finding> {
  for (const { name, file, tree } of world.tracks.values()) {
    const problem = nameProblem(name);
    if (problem) yield { at: startOf(file), ...problem };
    const written = textAt(tree, 'track');
    const place = at(tree, 'track')?.place;
    if (!problem && written !== undefined && place && written !== name)
      yield {
        at: place,
        message: `this track is named ${quote(name)}, as its folder`,
        remedy: `write track: ${name}`,
      };
  }
}

export function* tracksHaveOneSource(world: World): Iterable<Finding> {
  for (const { file, tree } of world.tracks.values()) {
    if (!tree) continue;
    const [upstream, trunk] = [tree.entries.get('upstream'), tree.entries.get('trunk')];
    if (upstream && trunk)
      yield { at: trunk.key, message: 'a track has an upstream or a trunk, not both', remedy: 'keep one' };
    if (!upstream && !trunk)
      yield {
        at: tree.entries.get('track')?.key ?? startOf(file),
        message: 'this track has neither upstream nor trunk',
        remedy: 'name the track it takes its releases from',
      };
  }
}

export function* upstreamsExist(world: World): Iterable<Finding> {
  for (const { tree } of world.tracks.values()) {
    const upstream = textAt(tree, 'upstream');
    const place = at(tree, 'upstream')?.place;
    if (upstream === undefined || !place || world.tracks.has(upstream)) continue;
    yield {
      at: place,
      message: `${quote(upstream)} is not a track`,
      remedy: didYouMean(upstream, world.tracks.keys(), 'tracks'),
    };
  }
}

export function* upstreamsDoNotCircle(world: World): Iterable<Finding> {
  const edges = new Map<string, readonly string[]>();
  for (const { name, tree } of world.tracks.values()) {
    const upstream = textAt(tree, 'upstream');
    edges.set(name, upstream === undefined ? [] : [upstream]);
  }
  for (const circle of cycles(edges)) {
    const place = at(world.tracks.get(circle[0])?.tree, 'upstream')?.place;
    if (place) yield { at: place, message: `upstream cycle: ${[...circle, circle[0]].join(' → ')}` };
  }
}

export function* oneTrackStartsFromTrunk(world: World): Iterable<Finding> {
  const starts = [...world.tracks.values()].filter(({ tree }) => tree?.entries.has('trunk'));
  const first = starts[0];
  for (const { tree } of starts.slice(1))
    if (tree && first)
      yield {
        at: keyPlace(tree, 'trunk'),
        message: `${quote(first.name)} is the first track already`,
        remedy: `write upstream: ${first.name}`,
      };
}
