import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Files } from '../../src/vendor/digest';
import type { Checked } from '../../src/vendor/port';

/** A small repository in a temporary folder, with tracks alpha (from trunk) → beta. */
export interface World {
  readonly root: string;
  git(...args: string[]): string;
  write(path: string, text: string): void;
  read(path: string): string;
  /** Writes, commits everything and returns the commit. */
  commit(files: Readonly<Record<string, string>>): string;
  /** Makes and commits a tree of hand-written entries under `components/<name>`, as no work tree could hold it. */
  commitTree(name: string, entries: readonly { mode: string; path: string; content: string }[]): string;
  done(): void;
}

export const component = (body = ''): string => `
import { z } from 'zod';
export const inputs = z.strictObject({ size: z.number().default(3) });
export const outputs = z.object({ url: z.string() });
${body}
export default class Thing { readonly made = true; }
`;

export const filesOf = (texts: Readonly<Record<string, string>>): Files =>
  new Map(
    Object.entries(texts).map(([path, text]) => [path, { content: Buffer.from(text), executable: false }]),
  );

export function makeWorld(options: { readonly git?: boolean } = {}): World {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-vendor-')));
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))),
    HOME: root,
    GIT_CONFIG_NOSYSTEM: '1',
  };
  const run = (args: readonly string[], input?: string) =>
    execFileSync('git', args, {
      cwd: root,
      env,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
      input,
    }).trim();
  const git = (...args: string[]) => run(args);
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  symlinkSync(resolve(__dirname, '..', '..', 'node_modules'), join(root, 'node_modules'));
  write('.gitignore', 'node_modules\n.signalbox\n');
  write(
    'tracks/alpha/track.yaml',
    'track: alpha\ntrunk: { source: ., path: components, ref: main }\ncomponents: {}\n',
  );
  write('tracks/beta/track.yaml', '# the second track\ntrack: beta\nupstream: alpha\ncomponents: {}\n');
  if (options.git !== false) {
    git('init', '--quiet', '--initial-branch=main');
    git('config', 'user.name', 'Test');
    git('config', 'user.email', 'test@example.com');
  }
  return {
    root,
    git,
    write,
    read: (path) => readFileSync(join(root, path), 'utf8'),
    commit: (files) => {
      for (const [path, text] of Object.entries(files)) write(path, text);
      git('add', '-A');
      git('commit', '--quiet', '--allow-empty', '-m', 'change');
      return git('rev-parse', 'HEAD');
    },
    commitTree: (name, entries) => {
      const lines = entries.map((entry) => {
        const isCommit = entry.mode === '160000';
        const isTree = entry.mode === '040000';
        const object =
          isCommit || isTree ? entry.content : run(['hash-object', '-w', '--stdin'], entry.content);
        return `${entry.mode} ${isCommit ? 'commit' : isTree ? 'tree' : 'blob'} ${object}\t${entry.path}\0`;
      });
      const tree = run(['mktree', '-z', '--missing'], lines.join(''));
      const folder = run(['mktree', '-z'], `040000 tree ${tree}\t${name}\0`);
      const top = run(['mktree', '-z'], `040000 tree ${folder}\tcomponents\0`);
      const commit = git('commit-tree', '-m', 'a tree made by hand', top);
      git('branch', '--force', 'hostile', commit);
      return commit;
    },
    done: () => rmSync(root, { recursive: true, force: true }),
  };
}

export function must<T>(checked: Checked<T>): T {
  if (!checked.ok) throw new Error(checked.problems.map((problem) => JSON.stringify(problem)).join('\n'));
  return checked.value;
}

export const messages = (checked: Checked<unknown>): string =>
  checked.ok
    ? 'no problem'
    : checked.problems.map(({ file, message }) => `${file ?? ''} ${message}`).join('\n');
