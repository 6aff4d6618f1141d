import type { Finding } from '../finding';
import { validate } from '../inputs/validate';
import { at, keyPlace, startOf, type Tree } from '../tree';
import type { World } from '../world';
import { subscriptions } from './subscriptions';

/** Inputs fit the schema vendored with the component. A stack's own pin is other content, with no schema here. */
export function* inputsFitTheComponent(world: World): Iterable<Finding> {
  const told = new Set<string>();
  for (const { component, track, isPinned, entry } of subscriptions(world)) {
    if (track === undefined || isPinned || !world.tracks.has(track)) continue;
    const schema = world.schemaOf(track, component);
    if (!schema) continue;
    if (!schema.ok) {
      if (!told.has(schema.file))
        yield {
          at: startOf(schema.file),
          message: `this file ${schema.reason}`,
          remedy: `run: npm run vendor -- pull --track ${track}`,
        };
      told.add(schema.file);
      continue;
    }
    const inputs = at(entry.value, 'inputs');
    const nothing: Tree = { kind: 'branch', entries: new Map(), place: entry.key };
    const head = inputs ? keyPlace(entry.value, 'inputs') : entry.key;
    if (!inputs || inputs.kind === 'branch') yield* validate(schema.inputs, inputs ?? nothing, head);
  }
}
