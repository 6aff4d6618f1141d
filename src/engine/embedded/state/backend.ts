import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isCode, type Write, writeDurably } from './file';
import { Refusal } from './refusal';

/** The organization of every stack in a folder of files. */
export const ORGANIZATION = 'organization';

/** A folder that holds stacks as the real CLI lays them out (version 1: by project). */
export interface Backend {
  /** `file:///…`, as messages name it. */
  readonly url: string;
  readonly root: string;
}

/** Where one stack's files lie. */
export interface StackPaths {
  readonly backend: Backend;
  readonly project: string;
  readonly stack: string;
  /** `.pulumi/stacks/<project>/<stack>.json`. */
  readonly checkpoint: string;
  readonly history: string;
  readonly locks: string;
  readonly tags: string;
  readonly journal: string;
}

/**
 * The backend that `PULUMI_BACKEND_URL` names. Only folders of files: other kinds go through the real CLI and are refused here.
 * A relative path is relative to `cwd`.
 */
export function backendOf(env: Readonly<Record<string, string | undefined>>, cwd: string): Backend {
  const url = env['PULUMI_BACKEND_URL'];
  if (url === undefined || url === '') {
    throw new Refusal(
      'PULUMI_BACKEND_URL is not set: the embedded engine keeps state in a file:// folder only',
    );
  }
  if (!url.startsWith('file://')) {
    throw new Refusal(
      `the embedded engine does not support the backend ${url.split('://')[0]}://: it keeps state in a file:// folder only`,
    );
  }
  const path = url.slice('file://'.length).split('?')[0] ?? '';
  if (path.startsWith('/')) return backendIn(fileURLToPath(`file://${path}`));
  if (path === '~' || path.startsWith('~/')) return backendIn(join(homedir(), path.slice(1)));
  return backendIn(resolve(cwd, path));
}

export function backendIn(root: string): Backend {
  return { url: `file://${root}`, root };
}

/** Reads `meta.yaml`, writes it into an empty folder; refuses a layout it does not know. */
export async function prepareBackend(backend: Backend, write: Write = writeDurably): Promise<void> {
  const path = join(backend.root, '.pulumi', 'meta.yaml');
  const content = await readIfThere(path);
  if (content === undefined) {
    if (!(await isThere(backend.root))) {
      throw new Refusal(
        `unable to open bucket ${backend.url}: stat ${backend.root}: no such file or directory`,
      );
    }
    if ((await namesIn(join(backend.root, '.pulumi', 'stacks'))).some((name) => name.endsWith('.json'))) {
      throw new Refusal(
        'the embedded engine does not support the layout without projects: run `pulumi state upgrade`',
      );
    }
    return write(path, 'version: 1\n');
  }
  const version = /^version:\s*(\d+)/m.exec(content)?.[1];
  if (version !== '1') {
    throw new Refusal(
      `state store unsupported: 'meta.yaml' version (${version ?? 'none'}) is not supported by the embedded engine`,
    );
  }
}

/** The files of a stack named `stack`, `organization/stack` or `organization/project/stack`. */
export function stackPaths(backend: Backend, name: string, currentProject: string | undefined): StackPaths {
  const parts = name.split('/');
  const stack = parts.at(-1) ?? '';
  const project = parts.length === 3 ? parts[1] : currentProject;
  if (parts.length > 3 || (parts.length > 1 && parts[0] !== ORGANIZATION)) {
    throw new Refusal("organization name must be 'organization'");
  }
  if (project === undefined) {
    throw new Refusal(
      "if you're using the --stack flag, pass the fully qualified name (organization/project/stack)",
    );
  }
  for (const part of [project, stack]) {
    const wrong = /[^A-Za-z0-9_.-]/.exec(part);
    if (wrong !== null) {
      throw new Refusal(
        'a stack name may only contain alphanumeric, hyphens, underscores, or periods: ' +
          `invalid character '${wrong[0]}' at position ${wrong.index}`,
      );
    }
    if (part === '' || part.length > 100 || part === '.' || part === '..') {
      throw new Refusal(
        'a stack name may only contain alphanumeric, hyphens, underscores, or periods: ' +
          `invalid character in ${JSON.stringify(part)}`,
      );
    }
  }
  const kept = join(backend.root, '.pulumi');
  return {
    backend,
    project,
    stack,
    checkpoint: join(kept, 'stacks', project, `${stack}.json`),
    history: join(kept, 'history', project, stack),
    locks: join(kept, 'locks', ORGANIZATION, project, stack),
    tags: join(kept, 'stacks', project, `${stack}.pulumi-tags`),
    journal: join(kept, 'journal', project, stack),
  };
}

/** Every stack of one project, by name. */
export async function stackNames(backend: Backend, project: string): Promise<string[]> {
  const names = await namesIn(join(backend.root, '.pulumi', 'stacks', project));
  return names
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .sort();
}

/** Every project that has stacks. */
export async function projectNames(backend: Backend): Promise<string[]> {
  return (await namesIn(join(backend.root, '.pulumi', 'stacks')))
    .filter((name) => !name.includes('.json'))
    .sort();
}

/** Names in a folder, none where there is no folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** A file's text, undefined where there is no file. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function isThere(folder: string): Promise<boolean> {
  try {
    await readdir(folder);
    return true;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
}
