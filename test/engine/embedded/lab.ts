import { NO_CHANGE } from '../../../src/engine/embedded/difference';
import {
  type Provider,
  ProviderError,
  type Wire,
  type WireObject,
} from '../../../src/engine/embedded/provider';
import { equal, reveal, revealAll } from '../../../src/engine/embedded/wire';

/** What a test sets up in, and reads from, the cloud behind the `lab` provider. */
export interface Lab {
  readonly calls: string[];
  readonly made: Map<string, { urn: string; inputs: WireObject }>;
  readonly gone: Set<string>;
  /** Answers `find`; a lab without cannot. */
  remembers: boolean;
  /** Comes before and after each effect; throws where the engine is to notice nothing any more. */
  moment?: (when: 'before' | 'after') => void;
  /** Resolves before a creation does. */
  gate?: () => Promise<void>;
  running: number;
  mostRunning: number;
  readonly provider: () => Promise<Provider>;
}

/** A small cloud in memory: `name` replaces create-first, `zone` delete-first, `fail…` fail, `sick` half succeeds. */
export function lab(): Lab {
  const world: Lab = {
    calls: [],
    made: new Map(),
    gone: new Set(),
    remembers: false,
    running: 0,
    mostRunning: 0,
    provider: async () => (world.remembers ? { ...provider, find } : provider),
  };
  const note = (rpc: string, name: string) => world.calls.push(`${rpc} ${name}`);
  const fails = (inputs: WireObject, key: string, verb: string, name: string) => {
    if (inputs[key] !== undefined) throw new ProviderError(`cannot ${verb} ${name}: ${inputs[key]}`);
  };
  const outputs = (inputs: WireObject, name: string): WireObject => ({ ...inputs, arn: `arn:lab:${name}` });
  const provider: Provider = {
    async checkConfig({ news }) {
      return { inputs: news, failures: [] };
    },
    async diffConfig({ oldInputs, news }) {
      return equal(oldInputs, news) ? NO_CHANGE : { ...NO_CHANGE, changes: 'some', replaces: ['region'] };
    },
    async configure({ inputs }) {
      note('configure', JSON.stringify(inputs));
    },
    async check({ news, name }) {
      note('check', name);
      return { inputs: { ...news }, failures: [] };
    },
    async diff({ name, oldInputs, news, ignoreChanges }) {
      note('diff', name);
      const keys = [...new Set([...Object.keys(oldInputs), ...Object.keys(news)])].sort();
      const diffs = keys.filter((key) => !ignoreChanges.includes(key) && !same(oldInputs[key], news[key]));
      const replaces = diffs.filter((key) => key === 'name' || key === 'zone');
      return {
        ...NO_CHANGE,
        changes: diffs.length > 0 ? 'some' : 'none',
        diffs,
        replaces,
        deleteBeforeReplace: replaces.includes('zone'),
      };
    },
    async create({ urn, name, properties, preview }) {
      note(preview ? 'try' : 'create', name);
      const inputs = revealAll(properties);
      if (preview) return { id: '', properties: { ...properties } };
      fails(inputs, 'failCreate', 'create', name);
      world.moment?.('before');
      world.running++;
      world.mostRunning = Math.max(world.mostRunning, world.running);
      await world.gate?.();
      world.running--;
      const id = `${name}-${world.calls.filter((call) => call.startsWith('create ')).length}`;
      world.made.set(id, { urn, inputs: properties });
      world.moment?.('after');
      const made = outputs(properties, name);
      if (inputs['sick'] !== undefined) {
        throw new ProviderError(`1 error occurred:\n\t* ${inputs['sick']}\n\n`, {
          id,
          properties: made,
          reasons: [String(inputs['sick'])],
        });
      }
      return { id, properties: made };
    },
    async read({ id, name, inputs, properties }) {
      note('read', name);
      if (world.gone.has(id)) return { id: '', inputs: {}, properties: {} };
      const made = world.made.get(id)?.inputs;
      if (Object.keys(properties).length > 0) return { id, inputs, properties };
      return { id, inputs: made ?? { size: 7 }, properties: outputs(made ?? { size: 7 }, id) };
    },
    async update({ name, news, preview }) {
      note(preview ? 'try' : 'update', name);
      if (!preview) {
        world.moment?.('before');
        fails(revealAll(news), 'failUpdate', 'update', name);
        world.moment?.('after');
      }
      return { properties: outputs(news, name) };
    },
    async delete({ id, name, oldInputs }) {
      world.moment?.('before');
      note('delete', name);
      fails(revealAll(oldInputs), 'failDelete', 'delete', name);
      world.made.delete(id);
      world.moment?.('after');
    },
    async invoke({ token, args }) {
      note('invoke', token);
      return { result: args, failures: [] };
    },
    async close() {},
  };
  const find: NonNullable<Provider['find']> = async ({ urn, name }) =>
    [...world.made]
      .filter(([, made]) => made.urn === urn)
      .map(([id, { inputs }]) => ({ id, inputs, properties: outputs(inputs, name) }));
  return world;
}

function same(left: Wire | undefined, right: Wire | undefined): boolean {
  return equal(
    left === undefined ? undefined : reveal(left),
    right === undefined ? undefined : reveal(right),
  );
}
