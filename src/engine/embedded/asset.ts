import { createHash, type Hash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SIGNATURE, type Wire, type WireObject } from './provider';
import { ARCHIVE, ASSET, isAsset, isObject, mapValues } from './wire';

const CONTENT: ReadonlySet<string> = new Set([SIGNATURE, 'hash', 'text', 'path', 'uri', 'assets']);
const PACKED = ['.tar', '.tgz', '.tar.gz', '.zip', '.jar'];

/**
 * Assets and archives with the SHA-256 of what they hold: providers and the state compare them by it. Paths are relative
 * to the working directory. Throws where a file cannot be read; remote URLs stay without a hash.
 */
export function hashAssets(value: Wire): Wire {
  if (Array.isArray(value)) return value.map(hashAssets);
  if (!isObject(value)) return value;
  const fields = isAsset(value) ? contentOf(value) : value;
  const hash = isHashed(fields) ? undefined : hashOf(fields);
  return hash === undefined ? mapValues(fields, hashAssets) : { ...mapValues(fields, hashAssets), hash };
}

/** Without what the SDK notes for itself. */
function contentOf(value: WireObject): WireObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => CONTENT.has(key)));
}

function isHashed({ hash }: WireObject): boolean {
  return typeof hash === 'string' && hash !== '';
}

function hashOf(fields: WireObject): string | undefined {
  if (fields[SIGNATURE] === ASSET) {
    const content = read(fields);
    return content && createHash('sha256').update(content).digest('hex');
  }
  if (fields[SIGNATURE] !== ARCHIVE) return undefined;
  const path = pathOf(fields);
  if (path && PACKED.some((ending) => path.endsWith(ending))) {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  }
  const files = new Map<string, Buffer>();
  if (!collect('', fields, files)) return undefined;
  const hash = createHash('sha256');
  for (const [name, content] of files) addFile(hash, name, content);
  return hash.update(Buffer.alloc(1024)).digest('hex');
}

/** undefined where the content lies on the network. */
function read(asset: WireObject): Buffer | undefined {
  if (typeof asset['text'] === 'string') return Buffer.from(asset['text']);
  const path = pathOf(asset);
  return path === undefined ? undefined : readFileSync(path);
}

function pathOf({ path, uri }: WireObject): string | undefined {
  if (typeof path === 'string' && path !== '') return resolve(path);
  return typeof uri === 'string' && uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
}

/** Adds what an archive holds, by name, sorted as the real engine sorts it. False where a part cannot be seen. */
function collect(prefix: string, archive: WireObject, into: Map<string, Buffer>): boolean {
  const add = (name: string, content: Buffer): void => {
    if (!into.has(name)) into.set(name, content);
  };
  const path = pathOf(archive);
  if (path !== undefined) {
    if (!statSync(path).isDirectory()) return false;
    for (const file of walk(path)) {
      add(prefix + relative(path, file).split(sep).join('/'), readFileSync(file));
    }
    return true;
  }
  const { assets } = archive;
  if (!isObject(assets)) return false;
  const parts: WireObject = assets;
  return Object.keys(parts)
    .sort()
    .every((name) => {
      const part = parts[name];
      if (!isObject(part)) return false;
      const fields: WireObject = part;
      if (fields[SIGNATURE] === ARCHIVE) return collect(`${prefix}${name}/`, fields, into);
      const content = read(fields);
      if (content) add(prefix + name, content);
      return content !== undefined;
    });
}

/** Files below a folder in the order of their names, without Pulumi's own folder. */
function walk(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name !== '.pulumi')
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? walk(path) : [path];
    });
}

/** One file in the form of a tar archive (ustar, mode 600, no times, no owner): what the real engine hashes. */
function addFile(hash: Hash, name: string, content: Buffer): void {
  const header = Buffer.alloc(512);
  const isLong = Buffer.byteLength(name) > 100;
  const cut = isLong ? name.lastIndexOf('/', 154) : -1;
  header.write(name.slice(cut + 1), 0, 100);
  if (cut > 0) header.write(name.slice(0, cut), 345, 155);
  for (const [offset, text] of [
    [100, '0000600\0'],
    [108, '0000000\0'],
    [116, '0000000\0'],
    [124, `${content.length.toString(8).padStart(11, '0')}\0`],
    [136, '00000000000\0'],
    [148, '        '],
    [156, '0'],
    [257, 'ustar\u000000'],
    [329, '0000000\0'],
    [337, '0000000\0'],
  ] as const) {
    header.write(text, offset, 'latin1');
  }
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  hash.update(header).update(content);
  hash.update(Buffer.alloc((512 - (content.length % 512)) % 512));
}
