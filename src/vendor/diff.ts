import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Pin } from '../core/project';
import { good } from './checked';
import { type Files, sortedPaths } from './digest';
import { readFolder } from './folder';
import { git } from './git';
import type { Checked } from './port';
import { type PullWish, planPull } from './pull';
import { findContent } from './seed';
import { loadStore } from './store';
import { trackFolder } from './trackfile';

export interface ComponentDiff {
  readonly component: string;
  /** undefined for a component that comes new. */
  readonly from?: Pin;
  /** undefined for a component that leaves the track. */
  readonly to?: Pin;
  readonly files: readonly FileDiff[];
}

export interface FileDiff {
  readonly path: string;
  readonly change: 'added' | 'removed' | 'edited' | 'mode';
  /** Unified diff, a line saying so for binary files, empty where only the mode changed. */
  readonly text: string;
}

/**
 * What `pull` would change in the folder, component by component, edits by hand included; those that stay are left out.
 * Changes nothing but the store.
 */
export async function diff(wish: PullWish): Promise<Checked<readonly ComponentDiff[]>> {
  const planned = await planPull(wish);
  if (!planned.ok) return planned;
  const { before, pins, contents } = planned.value;
  const store = loadStore(wish.root);
  const diffs: ComponentDiff[] = [];
  for (const component of [...new Set([...Object.keys(before), ...Object.keys(pins)])].sort()) {
    const from = before[component];
    const to = pins[component];
    const isSame = from?.digest === to?.digest && from?.commit === to?.commit;
    const old = lying(wish, component);
    const kept = from && isSame ? findContent(wish.root, store, { component, pin: from }) : undefined;
    const fresh = contents.get(component) ?? (kept?.ok ? kept.value : new Map());
    const files = await fileDiffs(old, to ? fresh : new Map());
    if (isSame && files.length === 0) continue;
    diffs.push({ component, ...(from ? { from } : {}), ...(to ? { to } : {}), files });
  }
  return good(diffs);
}

/** What lies in the folder now; nothing where it is missing or is none, as a pull replaces that as a whole. */
function lying({ root, track }: PullWish, component: string): Files {
  const folder = join(trackFolder(root, track), component);
  if (!existsSync(folder)) return new Map();
  const files = readFolder(folder, `tracks/${track}/${component}`);
  return files.ok ? files.value : new Map();
}

/** Differences of two sets of files, by path. */
export async function fileDiffs(old: Files, fresh: Files): Promise<readonly FileDiff[]> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-diff-'));
  try {
    const diffs: FileDiff[] = [];
    for (const path of sortedPaths(new Map([...old, ...fresh]))) {
      const before = old.get(path);
      const after = fresh.get(path);
      const isSame = before && after && Buffer.compare(before.content, after.content) === 0;
      if (isSame && before.executable === after.executable) continue;
      const change = !before ? 'added' : !after ? 'removed' : isSame ? 'mode' : 'edited';
      const text = change === 'mode' ? '' : await unified(folder, path, before?.content, after?.content);
      diffs.push({ path, change, text });
    }
    return diffs;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function unified(
  folder: string,
  path: string,
  before?: Uint8Array,
  after?: Uint8Array,
): Promise<string> {
  const sides = [
    ['a', before],
    ['b', after],
  ] as const;
  const [one, other] = sides.map(([side, content]) => {
    if (content === undefined) return '/dev/null';
    const file = join(folder, side, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return `${side}/${path}`;
  });
  const options = ['--no-index', '--no-color', '--no-ext-diff', '--no-textconv', '--no-prefix'];
  const answer = await git(['diff', ...options, '--', one ?? '', other ?? ''], { cwd: folder });
  // 1 says that they differ. Without git the list of files still stands.
  if (answer.kind === 'refused' || answer.code > 1) return '';
  const text = answer.stdout.toString('utf8');
  const start = text.search(/^(?:---|Binary files) /m);
  return start < 0 ? '' : text.slice(start);
}
