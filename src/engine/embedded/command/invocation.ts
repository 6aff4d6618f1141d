import { dirname, join } from 'node:path';
import type { EngineEvent } from '@pulumi/pulumi/automation';
import type { ProviderHost } from '../provider';
import { type Backend, backendOf, readIfThere, type StackPaths, stackPaths } from '../state/backend';
import { type ProjectFile, readProjectFile } from '../state/project-file';
import { Refusal } from '../state/refusal';
import { passphraseOf } from '../state/secret';
import { readStackFile, type StackFile } from '../state/stack-file';
import type { Arguments } from './arguments';

/** One run of a command: what it was told, where it runs, where its words go. */
export interface Invocation {
  readonly verb: string;
  readonly arguments: Arguments;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly providers: ProviderHost;
  /** Who gets the events directly, instead of over the event log. */
  readonly observe?: (event: EngineEvent) => void;
  readonly signal: AbortSignal;
  /** To standard output, a line break is added. */
  print(text: string): void;
  /** To standard error. */
  warn(text: string): void;
}

/** What a verb does; refusals and failures are thrown as Refusals. */
export type Perform = (invocation: Invocation) => Promise<void>;

export function backend({ env, cwd }: Invocation): Backend {
  return backendOf(env, cwd);
}

/** The project of the work dir, looked for in the folders above as well, with the folder it was found in. */
export async function project({
  cwd,
}: Invocation): Promise<{ readonly file: ProjectFile; readonly folder: string }> {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const file = await readProjectFile(folder);
    if (file !== undefined) return { file, folder };
    if (dirname(folder) === folder) break;
  }
  throw new Refusal(
    `no Pulumi.yaml project file found (searching upwards from ${cwd}). If you have not created a project yet, use \`pulumi new\` to do so`,
  );
}

/** The stack that the command names; there is no selected stack, a command names its own. */
export async function stack(
  invocation: Invocation,
  name = invocation.arguments.text('stack') ?? invocation.env['PULUMI_STACK'],
): Promise<StackPaths> {
  if (name === undefined || name === '') {
    throw new Refusal('no stack selected; please use --stack: the embedded engine remembers no selection');
  }
  return stackPaths(backend(invocation), name, (await project(invocation)).file.name);
}

export async function stackFile(invocation: Invocation, paths: StackPaths): Promise<StackFile> {
  const { file, folder } = await project(invocation);
  return readStackFile(file, folder, paths.stack, invocation.arguments.text('config-file'));
}

export function passphrase({ env }: Invocation): () => string {
  return () => passphraseOf(env);
}

/** Reads a file that an argument names. */
export async function argumentFile({ cwd }: Invocation, path: string): Promise<string> {
  const text = await readIfThere(path.startsWith('/') ? path : join(cwd, path));
  if (text === undefined) throw new Refusal(`could not open file: open ${path}: no such file or directory`);
  return text;
}
