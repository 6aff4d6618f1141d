import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bad, good, reasonOf } from './checked';
import { type Files, hexOf, isDigest, sortedPaths, treeDigest } from './digest';
import { type Disk, realDisk } from './disk';
import { readFolder, stampOf, writeFolder } from './folder';
import type { Checked, SnapshotFile } from './port';
import { loadStore, storeFolder } from './store';

/** Raise it when the output changes for the same input: compiled folders of before are then made anew. */
const RECIPE = 'signalbox compile 1';
const STAMP = '.compiled.json';
const verified = new Map<string, string>();
let drafts = 0;

/**
 * The folder from which a program of this content runs: TypeScript as CommonJS for ES2023, everything else copied. Made
 * once per digest, next to the stored content (so that Node finds the repository's packages), and hashed before use.
 * Safe to call from several processes at once. Executes nothing.
 */
export async function compiledFolder(
  root: string,
  digest: string,
  store = loadStore(root),
): Promise<Checked<string>> {
  if (!isDigest(digest)) return bad({ message: `"${digest}" is not a digest`, rule: 'vendor-store' });
  const final = join(storeFolder(root), `${hexOf(digest)}.js`);
  if (isSound(final)) return good(final);
  const files = store.read(digest);
  if (!files.ok) return files;
  try {
    const compiled = await compile(files.value);
    return good(place(compiled, final, realDisk));
  } catch (error) {
    return bad({ message: `content ${digest} does not compile: ${reasonOf(error)}`, rule: 'vendor-compile' });
  }
}

/** Compiles content that is in no store into a new folder; for looking at it before it is vendored. */
export async function compileInto(folder: string, files: Files): Promise<Checked<string>> {
  try {
    writeFolder(realDisk, folder, await compile(files), { readOnly: false });
    return good(folder);
  } catch (error) {
    return bad({ message: `does not compile: ${reasonOf(error)}`, rule: 'vendor-compile' });
  }
}

/** Sources stay beside their output, so that source maps lead to them wherever the folder is copied to. */
async function compile(files: Files): Promise<Files> {
  const { transformSync } = await import('@swc/core');
  const compiled = new Map<string, SnapshotFile>();
  for (const path of sortedPaths(files)) {
    const file = files.get(path);
    if (!file) continue;
    compiled.set(path, file);
    const typescript = /(?<!\.d)\.([cm]?)tsx?$/.exec(path);
    if (!typescript) continue;
    const target = `${path.slice(0, typescript.index)}.${typescript[1] ?? ''}js`;
    const { code, map } = transformSync(Buffer.from(file.content).toString('utf8'), {
      filename: path,
      sourceFileName: path.slice(path.lastIndexOf('/') + 1),
      swcrc: false,
      configFile: false,
      sourceMaps: true,
      inlineSourcesContent: false,
      jsc: language(path),
      module: { type: typescript[1] === 'm' ? 'es6' : 'commonjs' },
    });
    const name = target.slice(target.lastIndexOf('/') + 1);
    compiled.set(target, plain(`${code}//# sourceMappingURL=${name}.map\n`));
    compiled.set(`${target}.map`, plain(map ?? '{}'));
  }
  compiled.set('package.json', plain(packageJson(files)));
  return compiled;
}

// A function, because swc's own types do not know the last option yet.
function language(path: string) {
  return {
    target: 'es2023' as const,
    parser: { syntax: 'typescript' as const, tsx: path.endsWith('x'), decorators: true },
    keepClassNames: true,
    rewriteRelativeImportExtensions: true,
  };
}

const plain = (text: string): SnapshotFile => ({ content: Buffer.from(text), executable: false });

/** Without it, `"type": "module"` in the repository's package.json would make Node read the output as ES modules. */
function packageJson(files: Files): string {
  const own = files.get('package.json');
  const parsed: unknown = own ? JSON.parse(Buffer.from(own.content).toString('utf8')) : {};
  return `${JSON.stringify({ ...(typeof parsed === 'object' ? parsed : {}), type: 'commonjs' }, undefined, 2)}\n`;
}

function place(compiled: Files, final: string, disk: Disk): string {
  const draft = `${final}-draft-${process.pid}-${drafts++}`;
  const stamped = new Map(compiled);
  stamped.set(STAMP, plain(`${JSON.stringify({ recipe: RECIPE, digest: treeDigest(compiled) })}\n`));
  disk.remove(draft);
  writeFolder(disk, draft, stamped, { readOnly: true });
  if (existsSync(final) && !isSound(final)) disk.remove(final);
  try {
    disk.rename(draft, final);
  } catch (error) {
    if (!isSound(final)) throw error;
    disk.remove(draft);
  }
  if (!isSound(final)) throw new Error('it changed while it was written');
  return final;
}

/** Whether the folder holds what this recipe once wrote there, untouched. */
function isSound(final: string): boolean {
  if (!existsSync(final)) return false;
  const stamp = stampOf(final);
  if (verified.get(final) === stamp) return true;
  const files = readFolder(final, final);
  if (!files.ok || !existsSync(join(final, STAMP))) return false;
  const compiled = new Map(files.value);
  compiled.delete(STAMP);
  const expected = `${JSON.stringify({ recipe: RECIPE, digest: treeDigest(compiled) })}\n`;
  if (readFileSync(join(final, STAMP), 'utf8') !== expected) return false;
  verified.set(final, stamp);
  return true;
}
