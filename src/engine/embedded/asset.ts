import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SIGNATURE, type Wire, type WireObject } from './provider';
import { tarEntry } from './tar-entry';
import { ARCHIVE, ASSET, isAsset, isObject, mapValues } from './wire';

const CONTENT: ReadonlySet<string> = new Set([SIGNATURE, 'hash', 'text', 'path', 'uri', 'assets']);
const PACKED = ['.tar', '.tgz', '.tar.gz', '.zip', '.jar'];

/**
 * Properties whose assets and archives have the SHA-256 of what they hold: providers and the state compare them by it. Paths
 * are relative to the working directory; remote URLs stay without a hash. Throws, with the property's name, where a file
 * cannot be read.
 */
export function hashAssets(values: WireObject): WireObject {
  return mapValues(values, hashed);
}

/**
 * The same, where what cannot be read stays without a hash. The real engine does this to what it compares with something of
 * its kind (`others`): of what a program has read, the state knows the hash after the second look only.
 */
export function hashFound(values: WireObject, others: WireObject): WireObject {
  return mapValues(values, (value, key) => {
    const other = others[key];
    if (isAsset(value) && !(isAsset(other) && other[SIGNATURE] === value[SIGNATURE])) return value;
    try {
      return hashed(value, key);
    } catch {
      return value;
    }
  });
}

/** The same as they are, with or without a hash: what is read need not be there. */
export function keepAssets(value: Wire): Wire {
  if (Array.isArray(value)) return value.map(keepAssets);
  if (!isObject(value)) return value;
  return mapValues(isAsset(value) ? contentOf(value) : value, keepAssets);
}

/** Assets of which a provider knew the hash only, with their content again. */
export function restoreAssets(originals: WireObject, values: WireObject): WireObject {
  const known = new Map<string, WireObject>();
  const learn = (value: Wire): void => {
    if (isAsset(value)) known.set(keyOf(value), value);
    else if (Array.isArray(value)) value.forEach(learn);
    else if (isObject(value)) for (const key in value) learn(value[key] ?? null);
  };
  learn(originals);
  const restore = (value: Wire): Wire => {
    if (Array.isArray(value)) return value.map(restore);
    if (!isObject(value)) return value;
    if (!isAsset(value)) return mapValues(value, restore);
    const content = contentOf(value);
    const isEmpty = ['text', 'path', 'uri', 'assets'].every((key) => content[key] === undefined);
    return (isEmpty && known.get(keyOf(content))) || content;
  };
  return known.size === 0 ? values : mapValues(values, restore);
}

function keyOf(asset: WireObject): string {
  return `${asset[SIGNATURE]} ${asset['hash'] ?? ''}`;
}

function hashed(value: Wire, key: string): Wire {
  if (Array.isArray(value)) return value.map((part) => hashed(part, key));
  if (!isObject(value)) return value;
  if (!isAsset(value)) return hashAssets(value);
  const fields = contentOf(value);
  const hash = isHashed(fields) ? undefined : hashWithin(fields, key);
  return hash === undefined ? hashAssets(fields) : { ...hashAssets(fields), hash };
}

function hashWithin(fields: WireObject, key: string): string | undefined {
  try {
    return hashOf(fields);
  } catch (error) {
    const kind = fields[SIGNATURE] === ASSET ? 'asset' : 'archive';
    throw new Error(`failed to compute ${kind} hash for "${key}": ${reasonOf(error, fields)}`);
  }
}

/** What the real engine says of the file that it did not find. */
function reasonOf(error: unknown, fields: WireObject): string {
  const message = error instanceof Error ? error.message : String(error);
  const path = pathOf(fields);
  if (path === undefined || !(error instanceof Error && 'code' in error && error.code === 'ENOENT'))
    return message;
  return fields[SIGNATURE] === ASSET
    ? `failed to open asset file '${path}': open ${path}: no such file or directory`
    : `couldn't read archive path '${path}': stat ${path}: no such file or directory`;
}

/**
 * Without what the SDK notes for itself, and without an empty text: its hash says it. Of an archive one place counts, and one
 * that says none holds nothing: so the real engine forgets what is in it where a provider has told the hash only.
 */
function contentOf(value: WireObject): WireObject {
  const fields = Object.entries(value).filter(([key, field]) => CONTENT.has(key) && field !== '');
  const { assets, ...content }: WireObject = Object.fromEntries(fields);
  if (content[SIGNATURE] === ASSET || 'path' in content || 'uri' in content) return content;
  return { ...content, assets: assets ?? {} };
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
  for (const [name, content] of files) for (const block of tarEntry(name, content)) hash.update(block);
  return hash.update(Buffer.alloc(1024)).digest('hex');
}

/** undefined where the content lies on the network. */
function read(asset: WireObject): Buffer | undefined {
  if (typeof asset['text'] === 'string') return Buffer.from(asset['text']);
  const path = pathOf(asset);
  if (path !== undefined) return readFileSync(path);
  return asset['uri'] === undefined ? Buffer.alloc(0) : undefined;
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
    if (!statSync(path).isDirectory()) {
      throw new Error(`'${path}' is neither a recognized archive type nor a directory`);
    }
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
