import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import type { Project } from '../core/project';
import type { Instant } from '../core/time';
import { type Files, filesOnDisk } from './files';
import type { Loaded } from './load';

type Asked = readonly [kind: 'read' | 'list', path: string, digest: string];

interface Remembered {
  readonly by: string;
  /** From when until when the answer holds: a strict pin ends by the calendar. */
  readonly from: number;
  readonly until: number | null;
  /** Every question the loader asked of the disk, and the digest of its answer. */
  readonly asked: readonly Asked[];
  readonly project: Project;
}

type Answer = Extract<Loaded, { ok: false }> | { readonly ok: true; readonly project: Project };

/**
 * The project, without reading it again where every file and folder the loader looked at is as it was: what is asked of the
 * disk alone decides the answer. Only sound projects are remembered; run from source, nothing is.
 */
export function loadRemembered(root: string, now: Instant): Answer {
  const disk = filesOnDisk(root);
  const place = join(root, '.signalbox', 'cache', 'project.json');
  const isSource = extname(__filename) === '.ts';
  const known = isSource ? undefined : recall(place, disk, now);
  if (known) return { ok: true, project: known };
  const asked: Asked[] = [];
  const noting: Files = {
    read: (path) => noted(asked, 'read', path, disk.read(path)),
    list: (path) => noted(asked, 'list', path, disk.list(path)),
  };
  // Its schemas are most of a start: loaded only where they are needed.
  const { loadFrom } = require('./load') as typeof import('./load');
  const loaded = loadFrom(noting, now);
  if (loaded.ok && !isSource)
    write(place, {
      by: builtAt(),
      from: now,
      until: endOf(loaded.project, now),
      asked,
      project: loaded.project,
    });
  return loaded;
}

function recall(place: string, disk: Files, now: Instant): Project | undefined {
  try {
    const { by, from, until, asked, project } = JSON.parse(readFileSync(place, 'utf8')) as Remembered;
    const isInForce = by === builtAt() && now >= from && (until === null || now < until);
    return isInForce && asked.every(([kind, path, digest]) => digestOf(disk[kind](path)) === digest)
      ? project
      : undefined;
  } catch {
    // Nothing remembered, or nothing readable: it is only a short cut.
    return undefined;
  }
}

function write(place: string, remembered: Remembered): void {
  const draft = `${place}.${process.pid}`;
  try {
    mkdirSync(dirname(place), { recursive: true, mode: 0o700 });
    writeFileSync(draft, JSON.stringify(remembered), { mode: 0o600 });
    renameSync(draft, place);
  } catch {
    // A repository that cannot be written to is read again each time.
  }
}

function noted<T>(asked: Asked[], kind: Asked[0], path: string, answer: T): T {
  asked.push([kind, path, digestOf(answer)]);
  return answer;
}

const digestOf = (answer: unknown): string =>
  createHash('sha256').update(JSON.stringify(answer)).digest('base64');

/** Changes with every build of the loader. */
const builtAt = (): string => `${statSync(__filename).mtimeMs}`;

function endOf({ stacks }: Project, now: Instant): number | null {
  const ends = Object.values(stacks)
    .flatMap(({ components }) => Object.values(components))
    .flatMap(({ pin }) => (pin ? [Date.parse(pin.until)] : []))
    .filter((end) => end > now);
  return ends.length > 0 ? Math.min(...ends) : null;
}
