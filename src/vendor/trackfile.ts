import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { Problem } from '../config/problem';
import type { Pin, Track } from '../core/project';
import { bad, good, reasonOf } from './checked';
import { isDigest } from './digest';
import { isName, shown } from './names';
import type { Checked } from './port';
import { isCommit } from './source';

export type Pins = Readonly<Record<string, Pin>>;

/** What vendoring needs of a track's file; the whole schema is checked where configuration is loaded. */
export interface TrackFile {
  readonly text: string;
  readonly upstream?: string;
  readonly trunk?: Track['trunk'];
  readonly pins: Pins;
}

/** Bytes: hundreds of pins. The parser compares every key with every other, so that a megabyte of keys takes minutes. */
const LARGEST = 100_000;

export const trackFolder = (root: string, track: string): string => join(root, 'tracks', track);

/** Names of the tracks that have a folder, sorted. */
export function trackNames(root: string): readonly string[] {
  try {
    const entries = readdirSync(join(root, 'tracks'), { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() && isName(entry.name) ? [entry.name] : [])).sort();
  } catch {
    // No folder `tracks`: a repository without tracks, which configuration reports.
    return [];
  }
}

/** Reads `tracks/<track>/track.yaml`. Problems: no such track, a link in the way, not YAML, pins that are none. */
export function readTrackFile(root: string, track: string): Checked<TrackFile> {
  if (!isName(track))
    return bad({ message: `"${shown(track)}" is not the name of a track`, rule: 'vendor-track' });
  const file = `tracks/${track}/track.yaml`;
  const refuse = (message: string) => bad({ file, message, rule: 'vendor-track' });
  try {
    for (const folder of ['tracks', `tracks/${track}`])
      if (lstatSync(join(root, folder)).isSymbolicLink())
        return bad({
          file: folder,
          message: 'is a symlink',
          rule: 'vendor-content',
          remedy: 'make it a folder',
        });
    const stats = lstatSync(join(root, file));
    if (!stats.isFile()) return refuse('is not a plain file');
    if (stats.size > LARGEST) return refuse('is larger than 100 kB');
    return parseTrackFile(readFileSync(join(root, file), 'utf8'), file);
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return refuse(isMissing ? `there is no track "${track}"` : `cannot be read: ${reasonOf(error)}`);
  }
}

export function parseTrackFile(text: string, file: string): Checked<TrackFile> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems: Problem[] = document.errors.map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    return { file, line, column: col, message: error.message, rule: 'vendor-track' };
  });
  if (problems.length > 0) return bad(...problems);
  const value: unknown = document.toJS();
  if (!isRecord(value)) return bad({ file, message: 'is empty', rule: 'vendor-track' });

  const pins: Record<string, Pin> = {};
  const components = value['components'] ?? {};
  for (const [name, pin] of isRecord(components) ? Object.entries(components) : []) {
    const { commit, digest } = isRecord(pin) ? pin : {};
    if (
      isName(name) &&
      typeof commit === 'string' &&
      isCommit(commit) &&
      typeof digest === 'string' &&
      isDigest(digest)
    )
      pins[name] = { commit, digest };
    else {
      problems.push({
        file,
        ...positionOf(document.getIn(['components', name], true), lines),
        message: `"${shown(name)}" is not pinned to a commit of 40 digits and a digest`,
        rule: 'vendor-track',
        remedy: 'write both in quotes, or let `vendor pull` write them',
      });
    }
  }
  if (problems.length > 0) return bad(...problems);
  const { upstream } = value;
  const trunk = trunkOf(value['trunk']);
  return good({
    text,
    pins,
    ...(typeof upstream === 'string' ? { upstream } : {}),
    ...(trunk === undefined ? {} : { trunk }),
  });
}

function trunkOf(value: unknown): Track['trunk'] {
  if (!isRecord(value)) return undefined;
  const { source, path, ref } = value;
  if (typeof source !== 'string' || typeof path !== 'string') return undefined;
  return { source, path, ref: typeof ref === 'string' ? ref : 'HEAD' };
}

function positionOf(node: unknown, lines: LineCounter): { line?: number; column?: number } {
  if (!isRecord(node) || !Array.isArray(node['range'])) return {};
  const { line, col } = lines.linePos(Number(node['range'][0]));
  return { line, column: col };
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
