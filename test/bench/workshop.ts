import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { transformSync } from '@swc/core';
import { buildProgram } from '../crash/program';
import { copyStates, type Estate, makeEstate, operationsOf, setRevision } from './estate';
import { type Look, measure, type Taken } from './measure';

/** How long one command may take, in milliseconds. */
const LIMIT = 15 * 60_000;

/** What one measurement came to, with the machine's load (1 minute) when it began. */
export type Measured = Taken & { readonly load: number };

export interface WorkshopOptions {
  /** A temporary folder. */
  readonly folder: string;
  /** Stacks of the small estate; the large one has ten times as many. */
  readonly stacks: number;
}

/** The compiled program and the estates it is measured on; each is made, and each thing measured, once. */
export class Workshop {
  readonly stacks: number;
  private readonly folder: string;
  private readonly built: string;
  private readonly made = new Map<string, Promise<unknown>>();

  constructor({ folder, stacks }: WorkshopOptions) {
    this.folder = folder;
    this.stacks = stacks;
    this.built = buildProgram(folder);
    for (const name of ['drive', 'loop']) {
      const file = join(__dirname, `${name}.ts`);
      writeFileSync(join(folder, 'dist', `${name}.js`), compiled(file));
    }
  }

  /** The small estate, created by the embedded engine; how long that took is measured. */
  created(): Promise<{ readonly estate: Estate; readonly taken: Measured }> {
    return this.once('created', async () => {
      const estate = await makeEstate(join(this.folder, 'small'), this.stacks);
      const file = join(this.folder, 'operations.json');
      writeFileSync(file, JSON.stringify(operationsOf(estate, 1)));
      const drive = join(this.folder, 'dist', 'drive.js');
      const taken = await this.node(estate, [drive, join(this.folder, 'dist'), estate.root, 'up', file, '2']);
      const { failures } = JSON.parse(taken.output) as { failures: readonly string[] };
      if (failures.length > 0) throw new Error(failures.slice(0, 3).join('\n'));
      return { estate, taken };
    });
  }

  /** An estate ten times as large, in the same state. */
  large(): Promise<Estate> {
    return this.once('large', async () => {
      const { estate } = await this.created();
      const large = await makeEstate(join(this.folder, 'large'), this.stacks * 10);
      copyStates(estate, large);
      return large;
    });
  }

  /** The same stacks where every operation waits for its cloud, `parallel` of them at a time. */
  slow({ parallel, latency }: { readonly parallel: number; readonly latency: number }): Promise<Estate> {
    return this.once('slow', async () => {
      const { estate } = await this.created();
      const slow = await makeEstate(join(this.folder, 'slow'), this.stacks);
      copyStates(estate, slow);
      const file = join(slow.root, 'signalbox.yaml');
      const text = readFileSync(file, 'utf8')
        .replace('parallel: 2', `parallel: ${parallel}`)
        // One call of each operation: its provider is asked about thirty-two resources one after the other.
        .replace('seed: bench', `seed: bench, faults: [{ match: { name: fleet-0 }, latency: ${latency}s }]`);
      writeFileSync(file, text);
      return slow;
    });
  }

  /** A few stacks that nothing has happened to. */
  few(): Promise<Estate> {
    return this.once('few', () => makeEstate(join(this.folder, 'few'), 12));
  }

  /** The fleet's preview by the command line, as users start it. Checks that every stack was seen and said what it should. */
  async preview(
    estate: Estate,
    revision: number,
    options: readonly string[] = [],
    look: Look = 'cpu',
  ): Promise<Measured> {
    setRevision(estate, revision);
    const taken = await this.node(estate, [this.built, 'preview', '--all', '--json', ...options], {}, look);
    const last = taken.output.trimEnd().split('\n').at(-1) ?? '{}';
    const { stacks = [] } = JSON.parse(last) as {
      stacks?: readonly { changes: { same: number; update: number }; byGoal?: string }[];
    };
    const isRight = stacks.every(({ changes }) =>
      revision === 1 ? changes.update === 0 : changes.update > 0,
    );
    if (stacks.length !== estate.stacks.length || !isRight || taken.code !== 0)
      throw new Error(`the preview went wrong: ${taken.errors.slice(-500)}${last.slice(0, 500)}`);
    const isByGoal =
      revision !== 1 || options.includes('--no-digest') || stacks.some(({ byGoal }) => byGoal === 'answered');
    if (!isByGoal) throw new Error('no stack was answered by its goal digest');
    return taken;
  }

  unchanged(look: Look = 'cpu'): Promise<Measured> {
    return this.once(`unchanged ${look}`, async () =>
      this.preview((await this.created()).estate, 1, ['--no-digest'], look),
    );
  }

  unchangedLarge(look: Look = 'cpu'): Promise<Measured> {
    return this.once(`unchanged large ${look}`, async () =>
      this.preview(await this.large(), 1, ['--no-digest'], look),
    );
  }

  /** Median seconds of several starts, the bare Node and each command in turn so that a busy moment hits all alike. */
  async starts(commands: readonly (readonly string[])[], times = 9): Promise<number[]> {
    const estate = await this.few();
    const all: number[][] = commands.map(() => []);
    for (let turn = 0; turn < times; turn++) {
      for (const [index, args] of commands.entries()) {
        const file = args[0] === '-e' ? [] : [this.built];
        const taken = await measure({
          file: process.execPath,
          args: [...file, ...args],
          cwd: estate.root,
          limit: 60_000,
          look: 'nothing',
        });
        if (taken.code !== 0) throw new Error(`${args.join(' ')} failed: ${taken.errors}${taken.output}`);
        // The first turn fills the compile cache.
        if (turn > 0) all[index]?.push(taken.wall);
      }
    }
    return all.map(median);
  }

  /** Runs a compiled helper of the bench, or the program, to its end. */
  async node(
    estate: Estate,
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
    look: Look = 'cpu',
  ): Promise<Measured> {
    const [load = 0] = loadavg();
    const taken = await measure({ file: process.execPath, args, cwd: estate.root, limit: LIMIT, env, look });
    if (taken.isLate) throw new Error(`it did not end within ${LIMIT / 60_000} minutes`);
    return { ...taken, load };
  }

  /** A compiled helper of the bench, or the program (`bin`). */
  file(name: 'drive' | 'loop' | 'bin'): string {
    return join(this.folder, 'dist', `${name}.js`);
  }

  once<T>(name: string, make: () => Promise<T>): Promise<T> {
    const known = this.made.get(name) as Promise<T> | undefined;
    const made = known ?? make();
    this.made.set(name, made);
    return made;
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function compiled(file: string): string {
  return transformSync(readFileSync(file, 'utf8'), {
    filename: file,
    swcrc: false,
    configFile: false,
    jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs', ignoreDynamic: true },
  }).code;
}
