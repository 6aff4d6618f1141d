import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Limits, Project, Value } from '../../../src/core/project';
import { type Duration, duration } from '../../../src/core/time';
import type { Pool } from '../../../src/engine/automation/pool';
import type { Context, Engine, Failure, Operation, Result } from '../../../src/engine/port';
import { loadStore } from '../../../src/vendor/store';
import { buildProgram } from '../../crash/program';

/** A repository in a temporary folder, whose programs are written here, and an engine on it as users run it: compiled. */
export interface World {
  readonly root: string;
  engine(options?: EngineWish): Engine;
  /** The children under an engine. */
  pool(options: { readonly size: number; readonly isApart: boolean }): Pool;
  /** An operation of one stack that runs this component, named `it`. */
  operation(stack: string, body: string, more?: Partial<Operation>): Operation;
  write(path: string, text: string): void;
  done(): Promise<void>;
}

interface EngineWish {
  readonly parallel?: number;
  readonly passes?: readonly string[];
  readonly limits?: Limits;
}

export const MINUTE: Duration = duration(120_000);

export function makeWorld(): World {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-engine-')));
  const root = join(folder, 'repository');
  const engines: Pick<Engine, 'close'>[] = [];
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('package.json', '{ "name": "isolated", "private": true }\n');
  write('Pulumi.yaml', 'name: isolated\nruntime: nodejs\nstackConfigDir: .pulumi-stacks\n');
  symlinkSync(resolve(__dirname, '..', '..', '..', 'node_modules'), join(root, 'node_modules'));
  const built = join(dirname(buildProgram(join(folder, 'program'))), 'engine', 'automation', 'engine.js');
  const { automationEngine } = require(built) as typeof import('../../../src/engine/automation/engine');
  const { Pool: BuiltPool } = require(
    join(dirname(built), 'pool.js'),
  ) as typeof import('../../../src/engine/automation/pool');
  const { childEnvironment } = require(
    join(dirname(built), 'environment.js'),
  ) as typeof import('../../../src/engine/automation/environment');
  const store = loadStore(root);
  return {
    root,
    write,
    engine({ parallel = 2, passes = [], limits } = {}) {
      const plain = project(parallel, passes);
      const limited = limits ? { ...plain, engine: { ...plain.engine, limits } } : plain;
      const engine = automationEngine({ root, project: limited });
      engines.push(engine);
      return engine;
    },
    pool({ size, isApart }) {
      const backend = pathToFileURL(join(root, '.signalbox', 'state')).href;
      const sandbox = { file: join(root, '.signalbox', 'sandbox', 'cloud.db'), seed: 'isolated', faults: [] };
      const environment = childEnvironment(project(size, []));
      const pool = new BuiltPool(
        { root, kind: 'embedded', cloud: 'sandbox', backend, sandbox },
        { size, isApart, environment },
      );
      engines.push(pool);
      return pool;
    },
    operation(stack, body, more = {}) {
      const digest = store.put(
        new Map([['index.ts', { content: Buffer.from(component(body)), executable: false }]]),
      );
      return {
        project: 'isolated',
        stack,
        components: [{ name: 'it', component: 'it', digest, inputs: {} }],
        providers: {},
        outputs: { answer: { from: 'it.answer' } },
        variables: {},
        deployment: `test.${stack}.forward.1`,
        release: 'beta.1',
        timeout: MINUTE,
        ...more,
      };
    },
    async done() {
      await Promise.all(engines.map((engine) => engine.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A component that runs this body; `answer` is its output. */
const component = (body: string): string => `
import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';

export const inputs = z.strictObject({});
export const outputs = z.object({ answer: z.unknown() });

export default class It extends pulumi.ComponentResource {
  constructor(name, args, options) {
    super('test:it:It', name, {}, options);
    this.answer = 'nothing';
    ${body}
    this.registerOutputs({ answer: this.answer });
  }
}
`;

/** A topic of the sandbox cloud. */
export const GOOD = `
    const aws = require('@pulumi/aws');
    const topic = new aws.sns.Topic(name, { name: pulumi.getStack() }, { parent: this });
    this.answer = topic.name;
`;

export const AWS: Readonly<Record<string, Value>> = { aws: { region: 'eu-west-1' } };

export const context = (signal = new AbortController().signal): Context => ({ signal });

export function failureIn(result: Result<unknown>): Failure {
  if (result.ok) throw new Error(`it succeeded: ${JSON.stringify(result.value)}`);
  return result.failure;
}

export function valueIn<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`it failed: ${JSON.stringify(result.failure)}`);
  return result.value;
}

function project(parallel: number, variables: readonly string[]): Project {
  return {
    name: 'isolated',
    engine: { kind: 'embedded', parallel, timeout: MINUTE },
    sandbox: { timeScale: 1, seed: 'isolated', faults: [] },
    channels: [],
    environments: { named: { variables } },
    tracks: {},
    stacks: {},
  };
}
