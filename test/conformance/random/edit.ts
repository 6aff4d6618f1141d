import type { Dice } from './dice';
import { type Entry, type Fields, handleOf, isThing, type Json, type Program } from './program';
import { randomValue, referenceOf } from './value';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'ab', 'long-name', 'ü'] as const;
const TYPES = ['lab:index:Thing', 'lab:index:Other', 'lab:deep/mod:Thing'] as const;
const COMPONENTS = ['lab:comp:Net', 'lab:comp:Sub'] as const;
const KEYS = ['p', 'q', 'tags', 'list', 'm.n', 'size', 'name', 'zone'] as const;
const PATHS = [
  'p',
  'q',
  'tags',
  'tags.k',
  'tags["m.n"]',
  'list',
  'list[0]',
  'list[*]',
  '["m.n"]',
  '*',
  'size',
  'name',
  'zone',
  'tags.*',
  'absent',
  'cost',
] as const;

/** The program with something changed, as a person might change it between two updates. */
export function edited(dice: Dice, program: Program): Program {
  const { resources } = program;
  const at = dice.below(Math.max(1, resources.length));
  const entry = resources[at];
  const put = (changed: Entry): Program => ({ ...program, resources: resources.with(at, changed) });
  const insert = (place: number, fresh: Entry): Program => ({
    ...program,
    resources: resources.toSpliced(place, 0, fresh),
  });
  if (entry === undefined) return insert(0, entryOf(dice, []));
  const before = resources.slice(0, at);
  const isMade = isThing(entry) || entry.kind === 'component' || entry.kind === 'provider';
  return dice.weighted<() => Program>([
    [5, () => insert(at + 1, entryOf(dice, resources.slice(0, at + 1)))],
    [4, () => insert(resources.length, entryOf(dice, resources))],
    [6, () => ({ ...program, resources: resources.toSpliced(at, 1) })],
    [
      14,
      () =>
        isThing(entry) || entry.kind === 'provider'
          ? put({ ...entry, props: changedProps(dice, entry, before) })
          : program,
    ],
    [10, () => (isMade ? put({ ...entry, opts: changedOptions(dice, entry, before) }) : program)],
    [2, () => (isMade ? put(renamed(dice, entry)) : program)],
    [2, () => moved(dice, program, at)],
    [
      2,
      () =>
        isThing(entry)
          ? put({
              ...entry,
              type: dice.one(TYPES),
              ...(dice.once(2)
                ? { opts: { ...entry.opts, aliases: [{ type: entry.type ?? 'lab:index:Thing' }] } }
                : {}),
            })
          : program,
    ],
    [1, () => insert(at + 1, { throw: 'program broke' })],
    [3, () => ({ ...program, resources: resources.filter((other) => other.throw === undefined) })],
    [3, () => ({ ...program, outputs: outputsOf(dice, resources) })],
  ])();
}

export function programOf(dice: Dice): Program {
  const resources: Entry[] = [];
  for (let left = 1 + dice.below(6); left > 0; left -= 1) resources.push(entryOf(dice, resources));
  return { resources, ...(dice.once(2) ? { outputs: outputsOf(dice, resources) } : {}) };
}

function outputsOf(dice: Dice, before: readonly Entry[]): Fields {
  return Object.fromEntries(
    dice.list(0, 3, () => [dice.one(['out', 'plain', 'hidden', 'o.p']), randomValue(dice, before)]),
  );
}

function entryOf(dice: Dice, before: readonly Entry[]): Entry {
  const opts = (entry: Entry): Entry => {
    let options: Fields = {};
    for (let left = dice.below(3); left > 0; left -= 1)
      options = changedOptions(dice, { ...entry, opts: options }, before);
    return Object.keys(options).length > 0 ? { ...entry, opts: options } : entry;
  };
  const name = dice.one(NAMES);
  return dice.weighted<() => Entry>([
    [
      18,
      () => opts({ name, ...(dice.once(6) ? { type: dice.one(TYPES) } : {}), props: propsOf(dice, before) }),
    ],
    [4, () => opts({ kind: 'component', type: dice.one(COMPONENTS), name: dice.one(['c1', 'c2', 'a']) })],
    [2, () => registerOutputs(dice, before) ?? opts({ name, props: propsOf(dice, before) })],
    [3, () => opts({ kind: 'provider', name: dice.one(['p1', 'p2']), props: providerProps(dice, before) })],
    [
      1,
      () => ({
        kind: dice.one(['invoke', 'invokeOutput']),
        as: dice.one(['i', 'j']),
        tok: 'lab:index:lookup',
        args: invokeArgs(dice, before),
        ...invokeOptions(dice, before),
      }),
    ],
  ])();
}

function registerOutputs(dice: Dice, before: readonly Entry[]): Entry | undefined {
  const component = dice.one(before.filter(({ kind }) => kind === 'component'));
  if (component === undefined) return undefined;
  return {
    kind: 'registerOutputs',
    name: handleOf(component),
    outputs: Object.fromEntries(dice.list(0, 2, (index) => [`o${index}`, randomValue(dice, before)])),
  };
}

function propsOf(dice: Dice, before: readonly Entry[]): Fields {
  const props: Fields = Object.fromEntries(
    dice.list(0, 3, () => [dice.one(KEYS), randomValue(dice, before)]),
  );
  return sane(dice, props);
}

function providerProps(dice: Dice, before: readonly Entry[]): Fields {
  return dice.once(3)
    ? {}
    : { [dice.one(['region', 'mode'])]: dice.once(3) ? randomValue(dice, before) : dice.one(['eu', 'us']) };
}

function invokeArgs(dice: Dice, before: readonly Entry[]): Fields {
  if (dice.once(8)) return { fail: dice.one(['failures', 'error']) };
  return { value: randomValue(dice, before) };
}

function invokeOptions(dice: Dice, before: readonly Entry[]): { opts?: Fields } {
  const one = (kind: 'provider' | 'component') => dice.one(before.filter((entry) => entry.kind === kind));
  const provider = one('provider');
  const component = one('component');
  if (provider !== undefined && dice.once(2)) return { opts: { provider: handleOf(provider) } };
  if (component !== undefined && dice.once(2)) return { opts: { parent: handleOf(component) } };
  return {};
}

/** The lab's own properties have meanings: most of the time they get values that fit. */
function sane(dice: Dice, props: Fields): Fields {
  const kept = { ...props };
  if ('size' in kept && !dice.once(4)) kept['size'] = 1 + dice.below(3);
  for (const key of ['name', 'zone']) if (key in kept && !dice.once(3)) kept[key] = dice.one(['n1', 'n2']);
  return kept;
}

function changedProps(dice: Dice, entry: Entry, before: readonly Entry[]): Fields {
  const props = { ...entry.props };
  if (entry.kind === 'provider') return providerProps(dice, before);
  const key = dice.one(Object.keys(props));
  return dice.weighted<() => Fields>([
    [8, () => sane(dice, { ...props, [dice.one(KEYS)]: randomValue(dice, before) })],
    [4, () => (key === undefined ? props : sane(dice, { ...props, [key]: randomValue(dice, before) }))],
    [3, () => (key === undefined ? props : { ...props, [key]: { $secret: props[key] ?? null } })],
    [3, () => without(props, key)],
    [4, () => ({ ...props, [dice.one(['name', 'zone'])]: dice.one(['n1', 'n2', 'n3']) })],
    [3, () => ({ ...props, [dice.one(['failCreate', 'failUpdate', 'failDelete'])]: 'no' })],
    [4, () => Object.fromEntries(Object.entries(props).filter(([name]) => !/^(fail|invalid)/.test(name)))],
    [1, () => ({ ...props, invalid: randomValue(dice, before) })],
    [1, () => ({ ...props, [dice.one(KEYS)]: { $throwInApply: referenceOf(dice, before) ?? 'x' } })],
  ])();
}

function changedOptions(dice: Dice, entry: Entry, before: readonly Entry[]): Fields {
  const opts = { ...entry.opts };
  const made = before.filter((other) => isThing(other) || other.kind === 'component');
  const handles = made.map(handleOf);
  const others = handles.filter((handle) => handle !== handleOf(entry));
  const flag = () => !dice.once(3);
  const paths = () => dice.list(1, 2, () => dice.one(PATHS));
  const set = (key: string, value: Json | undefined): Fields =>
    value === undefined ? opts : { ...opts, [key]: value };
  const provider = dice.one(before.filter(({ kind }) => kind === 'provider').map(handleOf));
  const isCustom = entry.kind !== 'component';
  const custom = (key: string, value: () => Json | undefined) => (isCustom ? set(key, value()) : opts);
  const thing = (key: string, value: () => Json) => (isThing(entry) ? set(key, value()) : opts);
  return dice.weighted<() => Fields>([
    [6, () => without(opts, dice.one(Object.keys(opts)))],
    [6, () => set('parent', dice.one(others))],
    [3, () => (entry.kind === 'provider' ? opts : set('provider', provider))],
    [2, () => (entry.kind === 'component' && provider !== undefined ? set('providers', [provider]) : opts)],
    [3, () => set('dependsOn', dice.some(others))],
    [3, () => set('protect', flag())],
    [3, () => set('retainOnDelete', flag())],
    [3, () => custom('deleteBeforeReplace', flag)],
    [3, () => custom('ignoreChanges', paths)],
    [3, () => custom('replaceOnChanges', paths)],
    [2, () => custom('additionalSecretOutputs', () => dice.some(['arn', 'cost', 'p', 'id', 'absent']))],
    [3, () => set('aliases', [aliasOf(dice, others)])],
    [2, () => thing('import', () => dice.one(['a-1', 'x-9', 'gone-1']))],
    [2, () => thing('id', () => dice.one(['a-1', 'r-1', 'gone-1']))],
    [3, () => set('deletedWith', dice.one(others))],
    [2, () => set('replaceWith', dice.some(others))],
    [
      1,
      () =>
        custom('customTimeouts', () => ({
          [dice.one(['create', 'update', 'delete'])]: dice.one(['1m', '30s', '1h30m', '500ms']),
        })),
    ],
    [2, () => set('replacementTrigger', randomValue(dice, before))],
    [1, () => set('version', dice.one(['1.0.0', '0.9.0', '1.0.0-alpha.1']))],
    [1, () => custom('hideDiffs', paths)],
  ])();
}

function aliasOf(dice: Dice, others: readonly string[]): Json {
  const parent = dice.one(others);
  return dice.weighted<() => Json>([
    [4, () => ({ name: dice.one(NAMES) })],
    [2, () => (parent === undefined ? { noParent: true } : { parent })],
    [2, () => ({ noParent: true })],
    [1, () => ({ type: dice.one(TYPES) })],
    [1, () => ({ name: dice.one(NAMES), type: dice.one(TYPES) })],
    [1, () => `urn:pulumi:dev::conf::lab:index:Thing::${dice.one(NAMES)}`],
  ])();
}

function renamed(dice: Dice, entry: Entry): Entry {
  const name = dice.one(NAMES);
  // Others go on to find it under the old name, half of the time.
  const as = dice.once(2) ? { as: handleOf(entry) } : {};
  const aliases = dice.once(3) ? {} : { opts: { ...entry.opts, aliases: [{ name: entry.name ?? '' }] } };
  return { ...entry, name, ...as, ...aliases };
}

function moved(dice: Dice, program: Program, at: number): Program {
  const entry = program.resources[at];
  if (entry === undefined) return program;
  const rest = program.resources.toSpliced(at, 1);
  return { ...program, resources: rest.toSpliced(dice.below(rest.length + 1), 0, entry) };
}

function without(fields: Fields, key: string | undefined): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== key));
}
