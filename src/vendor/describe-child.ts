import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { join } from 'node:path';

/** What the child answers over IPC; `problem` is one line for people. */
export type Description =
  | { readonly inputs: unknown; readonly outputs: unknown; readonly problem?: never }
  | { readonly problem: string };

/** The part of zod 4 that is used; the component's own copy, because schemas of another copy may not be read by ours. */
interface Zod {
  toJSONSchema(schema: unknown, options: { target: 'draft-7'; io: 'input' | 'output' }): unknown;
}

/** Runs in a forked child only: imports a compiled component and reads its schemas. */
function describeFolder(folder: string): Description {
  // Looking at a schema needs no network; a component that calls out while it is imported is refused, not waited for.
  Socket.prototype.connect = () => {
    throw new Error('a component may not use the network while it is imported');
  };
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
