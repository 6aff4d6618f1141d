import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { bad, good } from './checked';
import { compileInto } from './compile';
import type { Description } from './describe-child';
import type { Files } from './digest';
import type { Checked } from './port';

/** The generated file in every snapshot: `{inputs, outputs}`, each a JSON Schema (draft-7). */
export const SCHEMA_FILE = 'schema.json';

/** Wall time one component may take to import; the cloud SDKs need a second or two, more on a busy machine. */
const TIMEOUT = 60_000;

/**
 * The text of `schema.json` for a component's files: its `inputs` schema as written in a stack file (before defaults),
 * its `outputs` schema as it comes out. Imports the component in a child that can neither write nor start processes nor
 * connect. `label` names the component in messages.
 */
export async function describe(
  root: string,
  component: { readonly files: Files; readonly label: string },
  timeout = TIMEOUT,
): Promise<Checked<string>> {
  const drafts = join(root, '.signalbox', 'describe');
  mkdirSync(drafts, { recursive: true });
  const folder = mkdtempSync(join(drafts, 'draft-'));
  const refuse = (message: string) =>
    bad({ file: `${component.label}/index.ts`, message, rule: 'vendor-schema' });
  try {
    const compiled = await compileInto(join(folder, 'component'), component.files);
    if (!compiled.ok) return refuse(compiled.problems[0]?.message ?? 'does not compile');
    const description = await ask(compiled.value, root, timeout);
    if (description.problem !== undefined) return refuse(description.problem);
    const { inputs, outputs } = description;
    return good(`${JSON.stringify({ inputs, outputs }, undefined, 2)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ask(folder: string, cwd: string, timeout: number): Promise<Description> {
  const isSource = extname(__filename) === '.ts';
  const child = fork(join(__dirname, `describe-child${extname(__filename)}`), [folder], {
    cwd,
    env: environment(isSource),
    execArgv: [
      '--permission',
      '--allow-fs-read=*',
      // Run from source, the child is transpiled by a native addon; compiled, it needs none.
      ...(isSource ? ['--allow-addons', '-r', createRequire(__filename).resolve('ts-node/register')] : []),
    ],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  return new Promise((resolve) => {
    let description: Description | undefined;
    let stderr = '';
    const timer = setTimeout(() => {
      description ??= { problem: `was not imported within ${timeout / 1000} s` };
      child.kill('SIGKILL');
    }, timeout);
    child.stderr?.on('data', (chunk: Buffer) => {
      if (stderr.length < 16 * 1024) stderr += chunk.toString('utf8');
    });
    child.once('message', (message) => {
      description ??= message as Description;
    });
    const end = (why: string) => {
      clearTimeout(timer);
      resolve(description ?? { problem: `fails when it is imported: ${why}` });
    };
    child.once('error', (error) => end(error.message));
    child.once('close', (code, signal) => {
      const line = stderr.split('\n').find((text) => /^\w*Error\b/.test(text));
      end(line ?? `the process ended with ${signal ?? `code ${code}`}`);
    });
  });
}

/** Nothing of the driver's environment that could hold a credential. */
function environment(isSource: boolean): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'LANG', 'SystemRoot'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(kept),
    ...(isSource ? { TS_NODE_PROJECT: join(__dirname, '..', '..', 'tsconfig.json') } : {}),
  };
}
