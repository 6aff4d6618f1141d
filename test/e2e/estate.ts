import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { WRITTEN, web } from './files';
import { must, type Ran, type Running, run, start } from './program';

/** A throw-away estate on the sandbox, and the real program to act on it. */
export interface Estate {
  readonly root: string;
  /** Runs the program to its end. */
  run(...args: string[]): Promise<Ran>;
  start(args: readonly string[], environment?: Readonly<Record<string, string>>): Running;
  /** Starts it as a terminal does: in a process group of its own. */
  startJob(...args: string[]): Running;
  git(...args: string[]): string;
  read(path: string): string;
  write(path: string, text: string): void;
  /** Replaces a text that stands in a file exactly once. */
  edit(path: string, from: string, to: string): void;
  /** From now on an update of the stack takes seconds more, so that it can be stopped or held while it is under way. */
  slow(stack: string): void;
  /** Every file below a folder by path and content; `.git` and `node_modules` left out. */
  files(below?: string): Readonly<Record<string, string>>;
  /** The container image in each stack's state file, by stack. */
  images(): Readonly<Record<string, string>>;
  /** Creates, updates and deletes the sandbox was asked for since call `after`. */
  calls(after?: number): readonly CloudCall[];
}

export interface CloudCall {
  readonly seq: number;
  readonly stack: string;
  readonly call: string;
  readonly urn: string;
}

/** What results name the engine. */
export const ENGINE_KIND = process.env['SIGNALBOX_TEST_ENGINE'] === undefined ? 'embedded' : 'pulumi';

export const BETA = ['stage-a', 'stage-b', 'live-a', 'live-b'] as const;
export const V1 = 'shop:1.0.0';
export const V2 = 'shop:2.0.0';

let bare: Promise<Estate> | undefined;
let settled: Promise<Estate> | undefined;

/** An estate of its own whose sandbox is empty: alpha pins 2.0.0, beta and prod 1.0.0. */
export async function emptyEstate(): Promise<Estate> {
  bare ??= prepare();
  return copyOf(await bare);
}

/** An estate of its own whose tracks run what they pin. */
export async function runningEstate(): Promise<Estate> {
  settled ??= (async () => {
    const estate = await emptyEstate();
    for (const track of ['alpha', 'beta', 'prod']) must(await estate.run('up', '--track', track));
    return estate;
  })();
  return copyOf(await settled);
}

async function prepare(): Promise<Estate> {
  const estate = at(newFolder());
  for (const [path, text] of Object.entries(WRITTEN)) estate.write(path, text);
  symlinkSync(resolve(__dirname, '..', '..', 'node_modules'), join(estate.root, 'node_modules'));
  estate.git('init', '--quiet', '--initial-branch=main');
  estate.git('config', 'user.name', 'Ada');
  estate.git('config', 'user.email', 'ada@example.com');
  commitAll(estate, 'components');
  for (const track of ['alpha', 'beta', 'prod']) must(await estate.run('vendor', 'pull', '--track', track));
  estate.write('components/web/index.ts', web('2.0.0'));
  commitAll(estate, 'web 2.0.0');
  must(await estate.run('vendor', 'pull', '--track', 'alpha'));
  commitAll(estate, 'alpha pins web 2.0.0');
  return estate;
}

function commitAll(estate: Estate, message: string): void {
  estate.git('add', '--all');
  estate.git('commit', '--quiet', '-m', message);
}

function newFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-e2e-')));
}

function copyOf({ root }: Estate): Estate {
  const folder = newFolder();
  cpSync(root, folder, { recursive: true, verbatimSymlinks: true });
  return at(folder);
}

function at(root: string): Estate {
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const edit = (path: string, from: string, to: string): void => {
    const parts = read(path).split(from);
    if (parts.length !== 2) throw new Error(`"${from}" stands ${parts.length - 1} times in ${path}`);
    write(path, parts.join(to));
  };
  return {
    root,
    read,
    write,
    edit,
    // A type that no health check waits for.
    slow: (stack) =>
      edit(
        'signalbox.yaml',
        'faults: []',
        `faults: [{ match: { stack: ${stack}, type: '*PodDisruptionBudget' }, latency: 4s }]`,
      ),
    run: (...args) => run(root, args),
    start: (args, environment) => start(root, args, environment),
    startJob: (...args) => start(root, args, {}, { hasGroup: true }),
    git: (...args) =>
      execFileSync('git', args, { cwd: root, env: gitEnvironment(root), encoding: 'utf8' }).trim(),
    files: (below = '.') => filesBelow(root, below),
    images: () => imagesIn(join(root, '.signalbox', 'state', '.pulumi', 'stacks', 'shop')),
    calls: (since = 0) => callsIn(join(root, '.signalbox', 'sandbox', 'cloud.db'), since),
  };
}

const gitEnvironment = (root: string): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))),
  HOME: root,
  GIT_CONFIG_NOSYSTEM: '1',
});

function filesBelow(root: string, below: string): Readonly<Record<string, string>> {
  const entries = readdirSync(join(root, below), { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => !path.startsWith('.git/') && !path.startsWith('node_modules/'));
  return Object.fromEntries(paths.sort().map((path) => [path, readFileSync(join(root, path), 'latin1')]));
}

function imagesIn(folder: string): Readonly<Record<string, string>> {
  if (!existsSync(folder)) return {};
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return Object.fromEntries(
    files.flatMap((file) => {
      const image = /shop:\d+\.\d+\.\d+/.exec(readFileSync(join(folder, file), 'utf8'))?.[0];
      return image === undefined ? [] : [[file.slice(0, -'.json'.length), image] as const];
    }),
  );
}

function callsIn(file: string, since: number): readonly CloudCall[] {
  if (!existsSync(file)) return [];
  const database = new DatabaseSync(file, { readOnly: true, timeout: 10_000 });
  try {
    const rows = database
      .prepare('SELECT seq, stack, call, urn FROM calls WHERE seq > ? ORDER BY seq')
      .all(since);
    return rows.map((row) => ({
      seq: Number(row['seq']),
      stack: String(row['stack']),
      call: String(row['call']),
      urn: String(row['urn']),
    }));
  } finally {
    database.close();
  }
}
