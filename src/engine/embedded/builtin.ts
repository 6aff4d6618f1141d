import { randomUUID } from 'node:crypto';
import { NO_CHANGE, replaceBecause, someChange } from './difference';
import type { Provider, WireObject } from './provider';
import type { ResourceState } from './resource';
import { equal, hasSecrets } from './wire';

const STACK_REFERENCE = 'pulumi:pulumi:StackReference';
const STASH = 'pulumi:pulumi:Stash';

/** What the provider of package `pulumi` reads: other stacks, and the resources of this operation. */
export interface BuiltinWorld {
  resolveStack(name: string): Promise<WireObject | undefined>;
  resource(urn: string): ResourceState | undefined;
}

/** The engine's own provider: stack references and stashes. */
export function builtinProvider(world: BuiltinWorld): Provider {
  const readStack = async (inputs: WireObject): Promise<WireObject> => {
    const name = inputs['name'];
    if (typeof name !== 'string') throw new Error("missing required property 'name'");
    const outputs = await world.resolveStack(name);
    if (!outputs) throw new Error(`unknown stack "${name}"`);
    const secretOutputNames = Object.keys(outputs).filter((key) => hasSecrets(outputs[key]));
    return { name, outputs, secretOutputNames: secretOutputNames.sort() };
  };
  return {
    async checkConfig({ news }) {
      return { inputs: news, failures: [] };
    },
    async diffConfig() {
      return NO_CHANGE;
    },
    async configure() {},
    async check({ type, news }) {
      const key = keyOf(type);
      for (const property of Object.keys(news)) {
        if (property !== key) {
          return { inputs: {}, failures: [{ property, reason: `unknown property "${property}"` }] };
        }
      }
      if (!(key in news)) {
        return { inputs: {}, failures: [{ property: key, reason: `missing required property "${key}"` }] };
      }
      return { inputs: news, failures: [] };
    },
    async diff({ type, oldInputs, news }) {
      const key = keyOf(type);
      if (equal(oldInputs[key], news[key])) return NO_CHANGE;
      return type === STACK_REFERENCE ? replaceBecause(key) : { ...someChange(), diffs: [key] };
    },
    async create({ type, properties, preview }) {
      const id = preview ? '' : randomUUID();
      if (type === STACK_REFERENCE) return { id, properties: await readStack(properties) };
      const input = properties['input'] ?? null;
      return { id, properties: { input, output: input } };
    },
    async read({ type, id, inputs, properties }) {
      if (type === STASH) return { id, inputs, properties };
      keyOf(type);
      if (!('name' in inputs)) throw new Error('stack reference can not be imported');
      return { id, inputs, properties: await readStack(properties) };
    },
    async update({ news, olds }) {
      return { properties: { input: news['input'] ?? null, output: olds['output'] ?? null } };
    },
    async delete() {},
    async invoke({ token, args }) {
      switch (token) {
        case 'pulumi:pulumi:readStackOutputs':
          return { result: await readStack(args), failures: [] };
        case 'pulumi:pulumi:getResource': {
          const urn = typeof args['urn'] === 'string' ? args['urn'] : '';
          const state = world.resource(urn);
          if (!state) throw new Error(`unknown resource ${urn}`);
          return { result: { urn, id: state.id ?? '', state: state.outputs ?? {} }, failures: [] };
        }
        default:
          throw new Error(`unrecognized function name: '${token}'`);
      }
    },
    async close() {},
  };
}

function keyOf(type: string): string {
  if (type === STACK_REFERENCE) return 'name';
  if (type === STASH) return 'input';
  throw new Error(`unrecognized resource type '${type}'`);
}
