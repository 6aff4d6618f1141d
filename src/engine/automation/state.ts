import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Value } from '../../core/project';
import { instant } from '../../core/time';
import { unknownIn } from '../embedded/state/version';
import { isProviderType } from '../embedded/urn';
import type { StackState } from '../port';
import { isAlive } from './alive';
import { blind } from './blind';
import { type NamedLock, ownerOf } from './lock-text';
import type { Runs } from './runs';
import type { States } from './states';

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}
/** What a state holds, in a file as in what the CLI exports. */
export interface Deployment {
  readonly resources?: readonly Resource[];
  readonly pending_operations?: readonly { readonly type: string; readonly resource: Resource }[];
}
interface CheckpointFile {
  readonly version: number;
  readonly features?: readonly string[] | null;
  readonly checkpoint: { readonly latest?: Deployment | null };
}

/** Reads a `file://` backend directly, as the CLI lays it out; every other backend goes through the CLI. */
export class FileState implements States {
  private readonly folder: string;

  constructor(
    backend: string,
    private readonly project: string,
    private readonly runs: Runs,
  ) {
    this.folder = join(fileURLToPath(backend), '.pulumi');
  }

  read(stack: string): StackState | undefined {
    const latest = this.deployment(stack);
    if (!latest) return undefined;
    const resources = latest.resources ?? [];
    const lock = this.lock(stack);
    const lastUpdate = this.lastUpdate(stack);
    return {
      outputs: blind(
        resources.find((resource) => resource.type === 'pulumi:pulumi:Stack')?.outputs ?? {},
      ) as Record<string, Value>,
      stateVersion: stateVersion(resources),
      resources: resources.length,
      pending: pendingOf(latest),
      ...(lastUpdate ? { lastUpdate } : {}),
      ...(lock ? { lock } : {}),
    };
  }

  /** An empty stack, as `pulumi stack init` makes it; an existing one is left alone. */
  ensure(stack: string): void {
    const folder = join(this.folder, 'stacks', this.project);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const text = JSON.stringify(
      { version: 3, checkpoint: { stack: `organization/${this.project}/${stack}`, latest: null } },
      null,
      4,
    );
    const file = join(folder, `${stack}.json`);
    if (existsSync(file)) return;
    // Linked into place: whole or not there, however this process ends, and never over somebody else's.
    const draft = `${file}.${process.pid}.tmp`;
    writeFileSync(draft, text, { mode: 0o600 });
    try {
      linkSync(draft, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  }

  /** Removes locks of our own dead processes; false where one is somebody else's or still alive. */
  unlock(stack: string): boolean {
    return this.locks(stack).every(({ file, lock }) => {
      if (!this.runs.isOurs(stack, lock) || isAlive(lock.pid)) return false;
      rmSync(file, { force: true });
      rmSync(`${file}.attrs`, { force: true });
      return true;
    });
  }

  private deployment(stack: string): Deployment | undefined {
    const file = join(this.folder, 'stacks', this.project, `${stack}.json`);
    if (!existsSync(file)) return undefined;
    const parsed = JSON.parse(readFileSync(file, 'utf8')) as CheckpointFile;
    const unknown = unknownIn(parsed);
    if (unknown !== undefined) throw new Error(`stack ${stack}: unsupported checkpoint ${unknown}`);
    return parsed.checkpoint.latest ?? {};
  }

  private lock(stack: string): StackState['lock'] {
    const first = this.locks(stack)[0]?.lock;
    if (!first) return undefined;
    return {
      owner: ownerOf(first),
      since: instant(Date.parse(first.timestamp)),
      own: this.runs.isOurs(stack, first),
    };
  }

  private locks(stack: string): readonly { readonly file: string; readonly lock: NamedLock }[] {
    const folder = join(this.folder, 'locks', 'organization', this.project, stack);
    if (!existsSync(folder)) return [];
    // The CLI keeps attributes beside a lock, and what is being written has another name until it is whole.
    const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
    return names.sort().flatMap((name) => {
      const file = join(folder, name);
      try {
        return [{ file, lock: JSON.parse(readFileSync(file, 'utf8')) as NamedLock }];
      } catch (error) {
        // Released between the listing and the reading, or half written: the next look tells.
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        return [
          {
            file,
            lock: { pid: 0, username: 'unknown', hostname: 'unknown', timestamp: new Date(0).toISOString() },
          },
        ];
      }
    });
  }

  /** File names carry the time in nanoseconds, all of one length: the last in order is the newest. */
  private lastUpdate(stack: string): StackState['lastUpdate'] {
    const folder = join(this.folder, 'history', this.project, stack);
    if (!existsSync(folder)) return undefined;
    const newest = readdirSync(folder)
      .filter((name) => name.endsWith('.history.json'))
      .sort()
      .at(-1);
    if (newest === undefined) return undefined;
    const update = JSON.parse(readFileSync(join(folder, newest), 'utf8')) as {
      message: string;
      result: string;
      endTime: number;
    };
    const failed = this.runs.hasFailed(stack, update.message) ? 'failed' : 'cut';
    return {
      deployment: update.message,
      result: update.result === 'succeeded' ? 'succeeded' : failed,
      endedAt: instant(update.endTime * 1000),
    };
  }
}

/** Operations whose effect nobody knows; a provider lives in the state only, nothing of it can be lost in a cloud. */
export const pendingOf = ({ pending_operations: open = [] }: Deployment): string[] =>
  open
    .filter(({ resource }) => !isProviderType(resource.type))
    .map(({ type, resource }) => `${type} ${resource.urn}`);

/** Digest over what resources are, without what changes at every save (times, positions, ciphertexts' nonces). */
export function stateVersion(resources: readonly Resource[]): string {
  const hash = createHash('sha256');
  for (const resource of resources)
    hash.update(JSON.stringify(resource, (key, value) => (VOLATILE.has(key) ? undefined : value)));
  return hash.digest('hex').slice(0, 16);
}
const VOLATILE: ReadonlySet<string> = new Set([
  'created',
  'modified',
  'sourcePosition',
  'stackTrace',
  'ciphertext',
]);
