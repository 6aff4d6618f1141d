type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Fields = { [key: string]: Json };

/** What was told of one step of the engine. */
interface Told {
  readonly event: Fields;
  readonly kind: string;
  readonly op: string;
  readonly urn: string;
  readonly id: string;
  readonly isCustom: boolean;
}

const KINDS: readonly string[] = ['resourcePreEvent', 'resOutputsEvent', 'resOpFailedEvent'];
const LOOKS: ReadonlySet<string> = new Set(['Check', 'Diff', 'Read']);
const DELETIONS: ReadonlySet<string> = new Set([
  'delete',
  'delete-replaced',
  'discard',
  'discard-replaced',
  'remove-pending-replace',
]);

/**
 * Puts into one order what the real engine leaves to chance, also when it works serially; every other order is kept. Each of
 * these was seen to change when the real engine was recorded several times:
 * - Resources of which none stands on another are deleted in the order of a hash map, which begins anywhere (ours begins
 *   where it most often does, with the oldest): neighbours among them are sorted.
 * - An invoke is answered beside the registrations: it goes before what they check and compare.
 * - The outputs that a component registers come beside what the program registers next: they follow the component (ours come
 *   as they mostly do, see `Arrivals`).
 */
export function settle(
  events: readonly Fields[],
  provider: readonly Fields[],
  before: readonly Fields[],
): { readonly events: Fields[]; readonly provider: Fields[] } {
  const groups = new Map<string, string>();
  const told = events.flatMap((event) => toldBy(event) ?? []);
  const kept = new Set(told.filter(({ op }) => !DELETIONS.has(op)).map(({ urn }) => urn));
  const settled: Fields[] = [];
  let run: Told[] = [];
  const close = () => {
    if (run.length === 0) return;
    const levels = levelsOf(run, before, kept);
    for (const key of run.map(keyOf)) groups.set(key, `${settled.length} ${levels.get(key)}`);
    const groupOf = (told: Told) => groups.get(keyOf(told));
    settled.push(...sorted(run, groupOf, keyOf).map((told) => uncounted(told, run, groupOf)));
    run = [];
  };
  for (const event of besideComponents(events)) {
    const told = toldBy(event);
    if (told !== undefined && DELETIONS.has(told.op)) {
      run.push(told);
      continue;
    }
    close();
    settled.push(event);
  }
  close();
  const calls = invokesFirst(provider).map((call) => ({ call, ...deletionOf(call) }));
  const sortedCalls = sorted(
    calls,
    (call) => (call.urn === '' ? undefined : groups.get(keyOf(call))),
    (call) => keyOf(call),
  );
  return { events: settled, provider: sortedCalls.map(({ call }) => call) };
}

/** An invoke goes before what is looked at beside it: until something is made, neither waits for the other. */
function invokesFirst(provider: readonly Fields[]): Fields[] {
  const calls: Fields[] = [];
  for (const call of provider) {
    let place = calls.length;
    while (call['rpc'] === 'Invoke' && LOOKS.has(String(calls[place - 1]?.['rpc']))) place -= 1;
    calls.splice(place, 0, call);
  }
  return calls;
}

/** How many steps went before a failed deletion is a matter of chance, too, where it had neighbours. */
function uncounted(told: Told, run: readonly Told[], groupOf: (told: Told) => string | undefined): Fields {
  const failed = fieldsOf(told.event['resOpFailedEvent']);
  const hasNeighbour = run.some((other) => keyOf(other) !== keyOf(told) && groupOf(other) === groupOf(told));
  if (failed === undefined || !hasNeighbour) return told.event;
  return { resOpFailedEvent: { ...failed, steps: '<any>' } };
}

/** Sorts neighbours of one group by key; what has no group stays where it is. */
function sorted<T>(
  items: readonly T[],
  groupOf: (item: T) => string | undefined,
  key: (item: T) => string,
): T[] {
  const result: T[] = [];
  let open: T[] = [];
  let group: string | undefined;
  const close = () => {
    result.push(...open.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)));
    open = [];
  };
  for (const item of items) {
    const next = groupOf(item);
    if (next === undefined || next !== group) close();
    group = next;
    open.push(item);
  }
  close();
  return result;
}

/** Layer by layer, as the engine peels what is to be deleted: what stands on nothing condemned is 0. */
function levelsOf(
  run: readonly Told[],
  before: readonly Fields[],
  kept: ReadonlySet<string>,
): Map<string, number> {
  const deleted = new Set(run.map(keyOf));
  const levels = new Map<string, number>();
  const seen: { urn: string; parents: readonly string[]; isCustom: boolean; level?: number }[] = [];
  for (const state of before) {
    const urn = String(state['urn']);
    const key = keyOf({ urn, id: String(state['id'] ?? '') });
    // Where a deletion failed, what would have followed is condemned without being told of.
    const isCondemned = deleted.has(key) || state['delete'] === true || !kept.has(urn);
    const parent = String(state['parent'] ?? '');
    const stands = new Set([...foundationsOf(state), parent]);
    const under = seen.filter(
      (other) => stands.has(other.urn) || other.parents.some((urn) => urn !== parent && stands.has(urn)),
    );
    const level = 1 + Math.max(-1, ...under.map((other) => other.level ?? -1));
    // A component stands for all that lies within it.
    const above = seen.findLast((other) => other.urn === parent);
    const parents = [...(above?.isCustom === false ? [parent] : []), ...(above?.parents ?? [])];
    const isCustom = state['custom'] === true;
    seen.push(isCondemned ? { urn, parents, isCustom, level } : { urn, parents, isCustom });
    if (isCondemned) levels.set(key, level);
  }
  return levels;
}

function foundationsOf(state: Fields): string[] {
  const lists = [state['dependencies'], ...Object.values((state['propertyDependencies'] ?? {}) as Fields)];
  const urns = lists.flatMap((list) => (Array.isArray(list) ? list.map(String) : []));
  if (typeof state['deletedWith'] === 'string') urns.push(state['deletedWith']);
  // A provider is named by its URN and its id, whose stand-in may hold colons too.
  if (typeof state['provider'] === 'string') urns.push(state['provider'].split('::').slice(0, 4).join('::'));
  return urns;
}

function besideComponents(events: readonly Fields[]): Fields[] {
  const placed: Fields[] = [];
  for (const event of events) {
    const told = toldBy(event);
    const isComponents =
      told?.kind === 'resOutputsEvent' && !told.isCustom && !told.urn.includes('pulumi:pulumi:Stack::');
    const start = placed.findLastIndex((other) => {
      const { kind, op, urn } = toldBy(other) ?? {};
      return kind === 'resourcePreEvent' && urn === told?.urn && op === told?.op;
    });
    if (isComponents && start >= 0) placed.splice(start + 1, 0, event);
    else placed.push(event);
  }
  return placed;
}

function toldBy(event: Fields): Told | undefined {
  for (const kind of KINDS) {
    const metadata = fieldsOf(fieldsOf(event[kind])?.['metadata']);
    if (metadata === undefined) continue;
    const state = fieldsOf(metadata['old']) ?? fieldsOf(metadata['new']);
    return {
      event,
      kind,
      op: String(metadata['op']),
      urn: String(metadata['urn']),
      id: String(state?.['id'] ?? ''),
      isCustom: state?.['custom'] === true,
    };
  }
  return undefined;
}

function deletionOf(call: Fields): { readonly urn: string; readonly id: string } {
  const request = fieldsOf(call['request']);
  if (call['rpc'] !== 'Delete' || request === undefined) return { urn: '', id: '' };
  return { urn: String(request['urn']), id: String(request['id'] ?? '') };
}

function keyOf({ urn, id }: { readonly urn: string; readonly id: string }): string {
  return `${urn} ${id}`;
}

function fieldsOf(value: Json | undefined): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}
