import { UNKNOWN, type Wire, type WireObject } from '../embedded/provider';
import { isPlain, isSecret, reveal, secret } from '../embedded/wire';
import type { CheckCall, Dialect } from './dialect';
import { type Facts, hex, type Overlay } from './overlay/overlay';
import { overlayOf, unknownType } from './overlay/table';
import { type Kind, schemaOf } from './schema';
import { hide } from './secrecy';
import { validate } from './validate';

/** As often as pulumi-aws tries where its configuration says nothing else. */
const ATTEMPTS = 25;
const REGION = 'eu-west-1';

function overlay(type: string): Overlay {
  return overlayOf(type) ?? unknownType(type);
}

/** Properties that the provider itself gave a value, as pulumi-aws notes them among the inputs. */
function generated(inputs: WireObject): readonly Wire[] {
  const names = inputs['__defaults'];
  return Array.isArray(names) ? names : [];
}

function region(config: WireObject): string {
  const given = config['region'];
  return typeof given === 'string' && given !== '' ? given : REGION;
}

function check({ type, name, olds, news, suffix }: CheckCall): ReturnType<Dialect['check']> {
  const schema = schemaOf(type);
  const inputs: WireObject = {};
  for (const [property, value] of Object.entries(news)) if (value !== null) inputs[property] = value;
  const failures = schema ? validate(schema, inputs) : [];
  const made: string[] = [];
  const { defaults = {}, autoname } = overlay(type);
  for (const [property, value] of Object.entries(defaults)) {
    if (inputs[property] !== undefined || value === undefined) continue;
    inputs[property] = value;
    made.push(property);
  }
  const property = autoname?.property ?? '';
  const isOpen = inputs[property] === undefined && inputs[`${property}Prefix`] === undefined;
  if (autoname && isOpen && schema?.get(property)?.isInput) {
    const old = olds[property];
    inputs[property] =
      typeof old === 'string' && generated(olds).includes(property)
        ? old
        : autonamed(name, autoname, suffix(7));
    made.push(property);
  }
  inputs['__defaults'] = made.sort();
  return { inputs, failures };
}

function autonamed(
  name: string,
  { property, longest }: { property: string; longest: number },
  suffix: string,
): string {
  const base = /^(bucket|identifier|clusterIdentifier|clusterId|replicationGroupId)$/.test(property)
    ? name.toLowerCase().replaceAll('_', '-')
    : name;
  return `${base.slice(0, longest - suffix.length - 1)}-${suffix}`;
}

/** Inputs with the name that AWS makes up from a prefix, or from nothing. */
function named(type: string, facts: Facts): Facts {
  const property = overlay(type).autoname?.property;
  if (property === undefined || facts.inputs[property] !== undefined) return facts;
  const prefix = facts.inputs[`${property}Prefix`];
  if (typeof prefix !== 'string') return facts;
  return { ...facts, inputs: { ...facts.inputs, [property]: prefix + hex(facts, 26, 'prefix') } };
}

function outputs(
  type: string,
  { facts: plain, inputs, before }: { facts: Facts; inputs: WireObject; before: WireObject },
): WireObject {
  const facts = named(type, plain);
  const { computed = {}, sensitive, autoname } = overlay(type);
  const made: WireObject = without(inputs);
  const add = (property: string, value: Wire | undefined): void => {
    if (made[property] === undefined && value !== undefined) made[property] = value;
  };
  const schema = schemaOf(type);
  if (schema?.get('tagsAll')?.isOutput) {
    made['tagsAll'] = allTags(facts.tags, inputs['tags']);
  }
  if (autoname) add(autoname.property, facts.inputs[autoname.property]);
  for (const [property, value] of Object.entries(computed)) add(property, value(facts));
  for (const [property, { isAlways, kind }] of schema ?? []) {
    if (isAlways) add(property, before[property] ?? ordinary(property, kind, facts));
  }
  return hide(made, sensitive);
}

/** Tags of the provider's configuration and the resource's own, with their secrets. */
function allTags(shared: WireObject, given: Wire | undefined): Wire {
  const tags = isSecret(given) ? given['value'] : given;
  if (tags === UNKNOWN) return UNKNOWN;
  const all = { ...shared, ...(isPlain(tags) ? tags : {}) };
  return tags === given ? all : secret(all);
}

/** A value for an output that nobody described. */
function ordinary(property: string, kind: Kind, facts: Facts): Wire {
  if (property === 'region') return facts.region;
  switch (kind) {
    case 'string':
      return '';
    case 'number':
      return 0;
    case 'boolean':
      return false;
    case 'list':
    case 'texts':
      return [];
    case 'map':
    case 'object':
      return {};
    case 'any':
      return '';
  }
}

function without(inputs: WireObject): WireObject {
  return Object.fromEntries(Object.entries(inputs).filter(([property]) => !property.startsWith('__')));
}

export const AWS: Dialect = {
  packageName: 'aws',
  scopeOf: region,
  regionOf: region,
  replaceConfig: [],
  check,
  nameOf(type, inputs) {
    const property = overlay(type).autoname?.property;
    const value = property === undefined ? undefined : reveal(inputs[property] ?? null);
    return typeof value === 'string' ? value : undefined;
  },
  replace(type, _config, news) {
    const { replace = [], replaceWith } = overlay(type);
    // Nothing moves from region to region.
    return [...replace, ...(replaceWith?.(news) ?? []), 'region'];
  },
  isExclusive(type, olds, news) {
    const property = overlay(type).autoname?.property;
    if (overlay(type).isSingle) return true;
    // Attachments and records are told apart by what they belong to, which changes with them.
    if (property === undefined || news[property] === undefined) return false;
    return !generated(news).includes(property) && reveal(olds[property] ?? null) === reveal(news[property]);
  },
  foresee({ type }, inputs, site) {
    const { computed = {}, sensitive } = overlay(type);
    const known: WireObject = { ...without(inputs) };
    for (const property of Object.keys(computed)) known[property] ??= UNKNOWN;
    for (const [property, { isAlways }] of schemaOf(type) ?? []) {
      if (isAlways) known[property] ??= property === 'region' ? site.region : UNKNOWN;
    }
    return hide(known, sensitive);
  },
  idOf: (type, facts) => overlay(type).id(named(type, facts)),
  wholeId: (_type, id) => id,
  outputs,
  hosts: (type, outputs) => (overlay(type).hosts?.(outputs) ?? []).filter((host) => host !== ''),
  patience({ maxRetries }) {
    const attempts = typeof maxRetries === 'number' ? Math.max(1, maxRetries) : ATTEMPTS;
    const said = 'https response error StatusCode: 400, api error ThrottlingException: Rate exceeded';
    return { attempts, message: `exceeded maximum number of attempts, ${attempts}, ${said}` };
  },
  sensitive: (type) => overlay(type).sensitive ?? [],
};
