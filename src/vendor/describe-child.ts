import dgram from 'node:dgram';
import dns from 'node:dns';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { Server, Socket } from 'node:net';
import { join } from 'node:path';

/** What the child answers over IPC; `problem` is one line for people. */
export type Description =
  | { readonly inputs: unknown; readonly outputs: unknown; readonly problem?: never }
  | { readonly problem: string };

/** The part of zod 4 that is used; the component's own copy, because schemas of another copy may not be read by ours. */
interface Zod {
  toJSONSchema(schema: unknown, options: { target: 'draft-7'; io: 'input' | 'output' }): unknown;
}

/**
 * Looking at a schema needs no network and no other process; a component that reaches out while it is imported is refused,
 * not waited for. Node's own permissions do not cover these before Node 25.
 */
function shutDoors(): void {
  const refuse = (what: string) => () => {
    throw new Error(`a component may not ${what} while it is imported`);
  };
  const shut = (object: object, names: readonly string[], what: string): void => {
    for (const name of names)
      Object.defineProperty(object, name, { value: refuse(what), writable: false, configurable: false });
  };
  const network = 'use the network';
  shut(Socket.prototype, ['connect'], network);
  shut(Server.prototype, ['listen'], network);
  shut(dgram.Socket.prototype, ['bind', 'connect', 'send'], network);
  shut(dgram, ['createSocket', 'Socket'], network);
  for (const names of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype])
    shut(names, Object.getOwnPropertyNames(names).filter(isQuestion), network);
  shut(process, ['kill', '_kill', '_debugProcess', '_debugEnd'], 'signal processes');
  syncBuiltinESMExports();
}

const isQuestion = (name: string): boolean => /^(lookup|resolve|reverse|setServers)/.test(name);

/** Runs in a forked child only: imports a compiled component and reads its schemas. */
function describeFolder(folder: string): Description {
  shutDoors();
  const require = createRequire(join(folder, 'index.js'));
  const exported: unknown = require(join(folder, 'index.js'));
  if (typeof exported !== 'object' || exported === null) return { problem: 'exports nothing' };
  const { inputs, outputs, default: component } = exported as Record<string, unknown>;
  if (typeof component !== 'function') return { problem: 'has no component class as its default export' };
  if (!isSchema(inputs)) return { problem: 'exports no zod 4 schema named "inputs"' };
  if (!isSchema(outputs)) return { problem: 'exports no zod 4 schema named "outputs"' };
  const zod = require('zod') as Zod;
  return {
    inputs: zod.toJSONSchema(inputs, { target: 'draft-7', io: 'input' }),
    outputs: zod.toJSONSchema(outputs, { target: 'draft-7', io: 'output' }),
  };
}

const isSchema = (value: unknown): boolean => typeof value === 'object' && value !== null && '_zod' in value;

function answer(): Description {
  try {
    return describeFolder(process.argv[2] ?? '');
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { problem: `fails when it is imported: ${said.split('\n', 1)[0]}` };
  }
}

// The process ends when the answer is out, whatever timers the component left behind.
process.send?.(answer(), undefined, undefined, () => process.exit(0));
