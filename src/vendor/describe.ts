import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { extname, join } from 'node:path';
import { bad, good } from './checked';
import { compileInto } from './compile';
import type { Description } from './describe-child';
import type { Files } from './digest';
import { shown } from './names';
import type { Checked } from './port';
import { packageFolders } from './readable';

/** The generated file in every snapshot: `{inputs, outputs}`, each a JSON Schema (draft-7). */
export const SCHEMA_FILE = 'schema.json';

/** Wall time one component may take to import; the cloud SDKs need a second or two, more on a busy machine. */
const TIMEOUT = 60_000;
/** All memory of it in MB, and its heap; the cloud SDKs take a third of that. */
const MEMORY = 1024;
const HEAP = 512;
/** How often its memory is looked at, in milliseconds. */
const LOOK = 100;
/** Characters of the schema: a file of more is not read as configuration either. */
const LARGEST = 1_000_000;

/** What the child may take: wall time in milliseconds, memory in MB. */
export interface Limits {
  readonly timeout?: number;
  readonly memory?: number;
}

/**
 * The text of `schema.json` for a component's files: its `inputs` schema as written in a stack file (before defaults),
 * its `outputs` schema as it comes out. Imports the component, which nobody has reviewed yet, in a child that can write
 * nothing, start and signal no process, use no network, and read nothing but itself and packages. This is Node's permission
 * model and no sandbox of the operating system. `label` names the component in messages.
 */
export async function describe(
  root: string,
  component: { readonly files: Files; readonly label: string },
  limits: Limits = {},
): Promise<Checked<string>> {
  const drafts = join(root, '.signalbox', 'describe');
  mkdirSync(drafts, { recursive: true, mode: 0o700 });
  const folder = realpathSync(mkdtempSync(join(drafts, 'draft-')));
  const refuse = (message: string) =>
    bad({ file: `${component.label}/index.ts`, message, rule: 'vendor-schema' });
  try {
    const compiled = await compileInto(join(folder, 'component'), component.files);
    if (!compiled.ok) return refuse(compiled.problems[0]?.message ?? 'does not compile');
    const description = await ask(folder, await childIn(folder), limits);
    if (description.problem !== undefined) return refuse(shown(String(description.problem)));
    const { inputs, outputs } = description;
    const text = JSON.stringify({ inputs, outputs }, undefined, 2);
    return text.length > LARGEST ? refuse('has a schema larger than 1 MB') : good(`${text}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The child's file. From source it is compiled first: a transpiler in the child would need more permissions than it has. */
async function childIn(folder: string): Promise<string> {
  const own = join(__dirname, `describe-child${extname(__filename)}`);
  if (extname(own) === '.js') return own;
  const files: Files = new Map([['child.ts', { content: readFileSync(own), executable: false }]]);
  const compiled = await compileInto(join(folder, 'child'), files);
  if (!compiled.ok) throw new Error(compiled.problems[0]?.message);
  return join(compiled.value, 'child.js');
}

function ask(folder: string, file: string, limits: Limits): Promise<Description> {
  const { timeout = TIMEOUT, memory = MEMORY } = limits;
  const child = fork(file, [join(folder, 'component')], {
    cwd: folder,
    env: environment(folder),
    execArgv: [
      '--permission',
      ...[folder, file, ...packageFolders(folder)].map((path) => `--allow-fs-read=${path}`),
      // It writes files past the permissions.
      ...(process.allowedNodeEnvironmentFlags.has('--experimental-sqlite')
        ? ['--no-experimental-sqlite']
        : []),
      `--max-old-space-size=${HEAP}`,
    ],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  return new Promise((resolve) => {
    let description: Description | undefined;
    let stderr = '';
    const stop = (problem: string): void => {
      description ??= { problem };
      child.kill('SIGKILL');
    };
    const timer = setTimeout(() => stop(`was not imported within ${timeout / 1000} s`), timeout);
    const watch = setInterval(() => {
      if (memoryOf(child) > memory) stop(`takes more than ${memory} MB of memory when it is imported`);
    }, LOOK);
    child.stderr?.on('data', (chunk: Buffer) => {
      if (stderr.length < 16 * 1024) stderr += chunk.toString('utf8');
    });
    child.once('message', (message) => {
      description ??= isDescription(message)
        ? message
        : { problem: 'answers for itself when it is imported' };
    });
    const end = (why: string) => {
      clearTimeout(timer);
      clearInterval(watch);
      resolve(description ?? { problem: `fails when it is imported: ${why}` });
    };
    child.once('error', (error) => end(error.message));
    child.once('close', (code, signal) => {
      const line = stderr.split('\n').find((text) => /^\w*Error\b/.test(text));
      end(line ?? `the process ended with ${signal ?? `code ${code}`}`);
    });
  });
}

const isDescription = (message: unknown): message is Description =>
  typeof message === 'object' && message !== null && ('problem' in message || 'inputs' in message);

/** Resident memory in MB; 0 where the system does not say (only Linux does): then its heap alone is limited. */
function memoryOf({ pid }: ChildProcess): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0; // it has ended, or this is another system
  }
}

/** Nothing of the driver's environment that could hold a credential, nor where one could lie. */
function environment(folder: string): NodeJS.ProcessEnv {
  const kept = ['LANG', 'SystemRoot'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), HOME: folder, TMPDIR: folder };
}
