import type { Problem } from '../config/problem';
import { bad, good } from './checked';
import type { Files } from './digest';
import { git, gitFault } from './git';
import { caseCollisions, isLfsPointer, isName, MAX_BYTES, MAX_FILES, pathFault, shown } from './names';
import type { Checked, SnapshotFile } from './port';
import type { Repository } from './source';

interface Entry {
  readonly mode: string;
  readonly object: string;
  /** Bytes; 0 for what is no file. */
  readonly size: number;
  readonly path: string;
}

/** Names of the folders below `path` at a commit: the components of a trunk. */
export async function listComponents(
  repository: Repository,
  at: { readonly commit: string; readonly path: string },
): Promise<Checked<readonly string[]>> {
  const entries = await list(repository, at, []);
  if (!entries.ok) return entries;
  const problems: Problem[] = [];
  const names: string[] = [];
  for (const entry of entries.value) {
    const file = `${at.path}/${shown(entry.path)}`;
    if (entry.mode === '120000') problems.push({ file, message: 'is a symlink', rule: 'vendor-content' });
    else if (entry.mode === '160000')
      problems.push({ file, message: 'is a submodule', rule: 'vendor-content' });
    else if (entry.mode === '040000') {
      if (isName(entry.path)) names.push(entry.path);
      else if (!entry.path.startsWith('.') && !entry.path.startsWith('_'))
        problems.push({
          file,
          message: `"${shown(entry.path)}" is not a name for a component`,
          rule: 'vendor-content',
        });
    }
  }
  for (const [one, other] of caseCollisions(names))
    problems.push({
      file: at.path,
      message: `"${one}" and "${other}" differ only in case`,
      rule: 'vendor-content',
    });
  return problems.length > 0 ? bad(...problems) : good(names);
}

/**
 * Reads a component's folder at a commit, object by object (never `git archive`: what attributes say there would change
 * the content). Symlinks, submodules, LFS pointers, names that are tricks and too much of it are problems.
 */
export async function readTree(
  repository: Repository,
  at: { readonly commit: string; readonly path: string },
): Promise<Checked<Files>> {
  const entries = await list(repository, at, ['-r', '-l']);
  if (!entries.ok) return entries;
  const problems: Problem[] = [];
  const refuse = (path: string, message: string) => {
    problems.push({ file: `${at.path}/${shown(path)}`, message, rule: 'vendor-content' });
  };
  for (const entry of entries.value) {
    const fault = pathFault(entry.path);
    if (fault !== undefined) refuse(entry.path, fault);
    if (entry.mode === '120000') refuse(entry.path, 'is a symlink');
    else if (entry.mode === '160000') refuse(entry.path, 'is a submodule');
    else if (entry.mode !== '100644' && entry.mode !== '100755' && entry.mode !== '100664')
      refuse(entry.path, `has the mode ${entry.mode}, which no component may have`);
    if (entry.path === 'schema.json')
      refuse(entry.path, 'is written when a component is vendored, it cannot stand in the trunk');
  }
  for (const [one, other] of caseCollisions(entries.value.map((entry) => entry.path)))
    refuse(other, `differs from "${shown(one)}" only in case`);
  const bytes = entries.value.reduce((sum, entry) => sum + entry.size, 0);
  if (bytes > MAX_BYTES || entries.value.length > MAX_FILES)
    problems.push({
      file: at.path,
      message: `is larger than 10 MiB or ${MAX_FILES} files`,
      rule: 'vendor-content',
    });
  if (problems.length > 0) return bad(...problems);

  const contents = await readObjects(repository, entries.value);
  if (!contents.ok) return contents;
  const files = new Map<string, SnapshotFile>();
  for (const [index, entry] of entries.value.entries()) {
    const content = contents.value[index] ?? Buffer.alloc(0);
    if (isLfsPointer(content)) refuse(entry.path, 'is a Git LFS pointer: its content is not in git');
    files.set(entry.path, { content, executable: entry.mode === '100755' });
  }
  return problems.length > 0 ? bad(...problems) : good(files);
}

async function list(
  repository: Repository,
  at: { readonly commit: string; readonly path: string },
  options: readonly string[],
): Promise<Checked<readonly Entry[]>> {
  const tree = `${at.commit}:${repository.prefix}${at.path}`.replace(/\/$/, '');
  const answer = await git(
    ['ls-tree', '-z', '--full-tree', ...options, '--end-of-options', tree],
    repository,
  );
  const fault = gitFault(answer);
  if (fault !== undefined || answer.kind === 'refused') {
    const message = /not a (?:valid object|tree)/i.test(fault ?? '')
      ? `there is no folder "${at.path}" at ${at.commit} in ${repository.title}`
      : `cannot read "${at.path}" at ${at.commit} in ${repository.title}: ${fault}`;
    return bad({ message, rule: 'vendor-git' });
  }
  const lines = answer.stdout
    .toString('utf8')
    .split('\0')
    .filter((line) => line !== '');
  return good(
    lines.map((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', , object = '', size = '0'] = line.slice(0, tab).split(/ +/);
      return { mode, object, size: Number.parseInt(size, 10) || 0, path: line.slice(tab + 1) };
    }),
  );
}

async function readObjects(
  repository: Repository,
  entries: readonly Entry[],
): Promise<Checked<readonly Buffer[]>> {
  if (entries.length === 0) return good([]);
  const stdin = `${entries.map((entry) => entry.object).join('\n')}\n`;
  const answer = await git(['cat-file', '--batch'], { ...repository, stdin });
  const fault = gitFault(answer);
  if (fault !== undefined || answer.kind === 'refused')
    return bad({ message: `cannot read from git: ${fault}`, rule: 'vendor-git' });
  const contents: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const end = answer.stdout.indexOf(10, at);
    const [object, type, size] = answer.stdout.subarray(at, end).toString('latin1').split(' ');
    if (end < 0 || object !== entry.object || type !== 'blob')
      return bad({
        message: `git has no content for ${shown(entry.path)} (${entry.object})`,
        rule: 'vendor-git',
      });
    const start = end + 1;
    contents.push(Buffer.from(answer.stdout.subarray(start, start + Number(size))));
    at = start + Number(size) + 1;
  }
  return good(contents);
}
