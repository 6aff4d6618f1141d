import type { Content, Files } from './files';
import type { Finding } from './finding';
import { merge } from './merge';
import { parseYaml } from './parse';
import { type Branch, isText, itemsAt, startOf, type Tree } from './tree';
import { quote } from './wording';

export interface Opened {
  /** The file with all it imports merged beneath it; undefined where any of it could not be read. */
  readonly tree: Branch | undefined;
  readonly text: string | undefined;
}

/** Reads stack files and fragments, each once; problems gather in `findings`. */
export class Reading {
  readonly texts = new Map<string, string>();
  readonly findings: Finding[] = [];
  private readonly opened = new Map<string, Branch | undefined>();
  private readonly open: string[] = [];
  /** Why a fragment cannot be read. */
  private readonly absent = new Map<string, string>();

  constructor(private readonly files: Files) {}

  /** One file on its own, without looking at imports. Undefined where it cannot be read; a finding says why. */
  file(path: string): Branch | undefined {
    const content = this.files.read(path);
    if (content.kind !== 'text') {
      this.findings.push({ at: startOf(path), message: absence(content) });
      return undefined;
    }
    return this.parsed(path, content.text);
  }

  /** A file with its imports. */
  merged(path: string): Branch | undefined {
    if (this.opened.has(path)) return this.opened.get(path);
    const own = this.file(path);
    this.opened.set(path, own && this.withImports(path, own));
    return this.opened.get(path);
  }

  private parsed(path: string, text: string): Branch | undefined {
    this.texts.set(path, text);
    const { tree, findings } = parseYaml(path, text);
    this.findings.push(...findings);
    return tree;
  }

  private withImports(path: string, own: Branch): Branch | undefined {
    this.open.push(path);
    let below: Tree | undefined;
    let isWhole = true;
    const seen = new Set<string>();
    for (const item of itemsAt(own, 'import')) {
      if (!isText(item)) continue;
      const target = this.target(path, item, seen);
      const fragment = target && this.fragment(target, item);
      if (!fragment) isWhole = false;
      else below = below ? merge(below, fragment) : fragment;
    }
    this.open.pop();
    if (!isWhole) return undefined;
    const { entries } = own;
    const merged = below ? merge(below, own) : own;
    if (merged.kind !== 'branch') return undefined;
    // Each file's own `import` stays with that file: a fragment's list says nothing about the stack.
    const rest = new Map(merged.entries);
    const mine = entries.get('import');
    if (mine) rest.set('import', mine);
    else rest.delete('import');
    return { ...merged, entries: rest };
  }

  private target(
    from: string,
    item: Tree & { readonly value: string },
    seen: Set<string>,
  ): string | undefined {
    const refuse = (message: string, remedy?: string): undefined => {
      this.findings.push({ at: item.place, message, remedy });
      return undefined;
    };
    const written = item.value;
    const isRelative = /^[^/\\:*?"<>|\p{Cc}]/u.test(written) && !/[\\:\p{Cc}]/u.test(written);
    if (!isRelative)
      return refuse(
        `${quote(written)} is not a relative path`,
        'write it from this file, with /: ../_shared/eu.yaml',
      );
    const path = resolveFrom(from, written);
    if (path === undefined) return refuse(`${quote(written)} leads out of the repository`);
    if (!path.endsWith('.yaml')) return refuse(`${quote(written)} does not end in .yaml`);
    if (seen.has(path)) return refuse(`${quote(written)} is imported twice`, 'leave one out');
    seen.add(path);
    const start = this.open.indexOf(path);
    if (start >= 0)
      return refuse(
        `import cycle: ${[...this.open.slice(start), path].join(' → ')}`,
        'leave this import out',
      );
    return path;
  }

  private fragment(path: string, item: Tree): Branch | undefined {
    const absent = this.absent.get(path);
    if (absent === undefined && this.opened.has(path)) return this.opened.get(path);
    const content = absent === undefined ? this.files.read(path) : undefined;
    if (content?.kind !== 'text') {
      // Told at every file that imports it: each of them has to change.
      const reason = absent ?? (content ? reasonOf(content) : '');
      this.absent.set(path, reason);
      this.findings.push({ at: item.place, message: `${path} ${reason}` });
      return undefined;
    }
    const own = this.parsed(path, content.text);
    if (own) this.judgeList(own);
    const merged = own && this.withImports(path, own);
    this.opened.set(path, merged);
    return merged;
  }

  /** The schema sees only the stack's own `import`; a fragment's is judged here. */
  private judgeList(fragment: Branch): void {
    const list = fragment.entries.get('import')?.value;
    if (!list || (list.kind === 'list' && list.items.every(isText))) return;
    this.findings.push({ at: list.place, message: 'import is not a list of paths' });
  }
}

type Absent = Exclude<Content, { readonly kind: 'text' }>;
const reasonOf = (content: Absent): string =>
  content.kind === 'missing' ? 'does not exist' : content.reason;
const absence = (content: Absent): string => `this file ${reasonOf(content)}`;

/** Undefined where the path leaves the root. */
function resolveFrom(file: string, relative: string): string | undefined {
  const parts = file.split('/').slice(0, -1);
  for (const part of relative.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}
