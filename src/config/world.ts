import type { Instant } from '../core/time';
import type { Child, Files } from './files';
import type { Finding } from './finding';
import { Reading } from './imports';
import { type ComponentSchema, readComponentSchema } from './inputs/component-schema';
import { type PulumiFile, readPulumiFile } from './pulumi-file';
import { type Branch, startOf } from './tree';

/** Everything read, before anything is judged. A tree is undefined where the file could not be read. */
export interface World {
  readonly signalbox: Branch | undefined;
  readonly pulumi: PulumiFile;
  /** By folder name. */
  readonly tracks: ReadonlyMap<string, WrittenFile>;
  /** In order of path; two may bear one name. */
  readonly stacks: readonly WrittenFile[];
  readonly texts: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
  /** The real time, for pins with a date. */
  readonly now: Instant;
  /** The schema vendored with a component; undefined where none lies there (`vendor check` reports that). */
  schemaOf(track: string, component: string): ComponentSchema | undefined;
}

export interface WrittenFile {
  readonly name: string;
  readonly file: string;
  readonly tree: Branch | undefined;
}

export function readWorld(files: Files, now: Instant): World {
  const reading = new Reading(files);
  const signalbox = readSignalbox(files, reading);
  const tracks = readTracks(files, reading);
  const stacks = [...stackFiles(files, reading, 'stacks', 0)].map(({ name, file }) => ({
    name,
    file,
    tree: reading.merged(file),
  }));
  const schemas = new Map<string, ComponentSchema | undefined>();
  return {
    signalbox,
    pulumi: readPulumiFile(files),
    tracks,
    stacks,
    texts: reading.texts,
    findings: reading.findings,
    now,
    schemaOf(track, component) {
      const path = `tracks/${track}/${component}/schema.json`;
      if (!schemas.has(path)) schemas.set(path, readComponentSchema(files.read(path), path));
      return schemas.get(path);
    },
  };
}

function readSignalbox(files: Files, reading: Reading): Branch | undefined {
  if (files.read('signalbox.yaml').kind !== 'missing') return reading.file('signalbox.yaml');
  reading.findings.push({
    at: startOf('signalbox.yaml'),
    message: 'there is no signalbox.yaml here',
    remedy: 'run this in the folder that holds it',
  });
  return undefined;
}

function readTracks(files: Files, reading: Reading): ReadonlyMap<string, WrittenFile> {
  const tracks = new Map<string, WrittenFile>();
  const strays: string[] = [];
  for (const child of visible(files, reading, 'tracks')) {
    if (child.kind !== 'folder') continue;
    const folder = `tracks/${child.name}`;
    const file = `${folder}/track.yaml`;
    if (files.list(folder).children.some((inner) => inner.name === 'track.yaml'))
      tracks.set(child.name, { name: child.name, file, tree: reading.file(file) });
    else strays.push(folder);
  }
  for (const folder of strays) reading.findings.push(stray(files, folder, [...tracks.keys()]));
  return tracks;
}

/** A folder in `tracks/` without a `track.yaml`: often the other layout, which one repository cannot mix in. */
function stray(files: Files, folder: string, tracks: readonly string[]): Finding {
  const name = folder.slice('tracks/'.length);
  const inner = files.list(folder).children.filter((child) => child.kind === 'folder');
  const isComponentFirst =
    files.list('components').children.some((child) => child.name === name) ||
    inner.some((child) => tracks.includes(child.name)) ||
    inner.some((child) =>
      files.list(`${folder}/${child.name}`).children.some((file) => file.name === 'track.yaml'),
    );
  const at = startOf(`${folder}/track.yaml`);
  if (!isComponentFirst)
    return { at, message: `${folder} holds no track.yaml`, remedy: 'add one, or remove the folder' };
  return {
    at,
    message: `${folder} is laid out component first`,
    remedy: `this repository is track first: move its folders to tracks/<track>/${name}`,
  };
}

function* stackFiles(
  files: Files,
  reading: Reading,
  folder: string,
  depth: number,
): Iterable<{ readonly name: string; readonly file: string }> {
  for (const child of visible(files, reading, folder)) {
    const path = `${folder}/${child.name}`;
    if (child.kind === 'folder') {
      if (child.name.startsWith('_')) continue;
      if (child.name.endsWith('.yaml'))
        reading.findings.push({
          at: startOf(path),
          message: 'this is a folder, where a stack is a file',
          remedy: 'rename it',
        });
      if (depth < 16) yield* stackFiles(files, reading, path, depth + 1);
      else reading.findings.push({ at: startOf(path), message: 'this folder lies too deep' });
    } else if (child.kind === 'file' && child.name.endsWith('.yaml')) {
      yield { name: child.name.slice(0, -'.yaml'.length), file: path };
    } else if (child.kind === 'file' && child.name.endsWith('.yml')) {
      reading.findings.push({
        at: startOf(path),
        message: 'a stack file ends in .yaml',
        remedy: 'rename it',
      });
    }
  }
}

/** Without dot files; symbolic links are refused where they lie, and so is a folder that cannot be read. */
function visible(files: Files, reading: Reading, folder: string): readonly Child[] {
  const { children, refused } = files.list(folder);
  if (refused !== undefined)
    reading.findings.push({
      at: startOf(folder),
      message: `this folder ${refused}`,
      remedy: 'put a readable folder here',
    });
  const shown = children.filter((child) => !child.name.startsWith('.'));
  for (const child of shown)
    if (child.kind === 'link' || child.kind === 'other')
      reading.findings.push({
        at: startOf(`${folder}/${child.name}`),
        message: child.kind === 'link' ? 'this is a symbolic link' : 'this is neither a file nor a folder',
        remedy: 'put the file or folder itself here',
      });
  return shown;
}
