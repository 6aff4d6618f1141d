import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fleetOf, trackOf } from '../../src/core/fleet';
import { openCloud } from '../../src/engine/sandbox/cloud';
import { openSqliteLedger } from '../../src/ledger/sqlite/ledger';
import { STACKS } from './estate';

/** What a promotion leaves behind, without what may differ between two runs: times, random ids, ciphertexts. */
export interface Remains {
  readonly ledger: {
    readonly current: string | undefined;
    readonly isOpen: boolean;
    readonly broken: unknown;
    /** Stack → component → digest, and what the ledger holds to be its outputs. */
    readonly stacks: unknown;
  };
  readonly pins: string;
  /** Stack → its resources, sorted. */
  readonly state: Readonly<Record<string, readonly string[]>>;
  /** `near aws:ec2/vpc:Vpc vpc-0…`, sorted: what lives in the cloud, and what the state files hold of it. */
  readonly alive: readonly string[];
  readonly held: readonly string[];
  /** URN → most resources of it that ever lived at once, by the cloud's own log. */
  readonly most: Readonly<Record<string, number>>;
  /** Operations left open, locks, half-made changes of pins. */
  readonly litter: readonly string[];
}

interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly custom?: boolean;
  readonly id?: string;
}

interface StateFile {
  readonly checkpoint: {
    readonly latest: {
      readonly resources: readonly StateResource[];
      readonly pending_operations?: readonly unknown[];
    };
  };
}

export async function remainsOf(root: string): Promise<Remains> {
  const backend = join(root, '.signalbox', 'state', '.pulumi');
  const files = STACKS.map((stack) => {
    const file = join(backend, 'stacks', 'crash', `${stack}.json`);
    return { stack, ...(JSON.parse(readFileSync(file, 'utf8')) as StateFile).checkpoint.latest };
  });
  const own = ({ type, custom }: StateResource): boolean => custom === true && type.startsWith('aws:');
  return {
    ledger: await ledgerOf(root),
    pins: readFileSync(join(root, 'tracks', 'beta', 'track.yaml'), 'utf8'),
    state: Object.fromEntries(files.map(({ stack, resources }) => [stack, resources.map(steady).sort()])),
    held: files
      .flatMap(({ stack, resources }) =>
        resources.filter(own).map(({ type, id }) => `${stack} ${type} ${id}`),
      )
      .sort(),
    ...cloudOf(root),
    litter: [
      ...files.flatMap(({ stack, pending_operations: open = [] }) =>
        open.map((operation) => `pending in ${stack}: ${JSON.stringify(operation)}`),
      ),
      ...STACKS.flatMap((stack) => within(join(backend, 'locks', 'organization', 'crash', stack))),
      ...within(join(root, '.signalbox', 'swaps')),
      ...within(join(root, 'tracks', 'beta')).filter((name) => name.startsWith('.swap')),
    ],
  };
}

async function ledgerOf(root: string): Promise<Remains['ledger']> {
  const ledger = openSqliteLedger(join(root, '.signalbox', 'ledger.db'));
  try {
    const fleet = fleetOf(await Promise.all((await ledger.tracks()).map((track) => ledger.read(track))));
    const { current, open } = trackOf(fleet, 'beta');
    const stacks = STACKS.map((stack) => {
      const run = fleet.stacks.get(stack);
      return { stack, contents: run?.contents, outputs: run?.outputs, isCertain: run?.isCertain };
    });
    return { current, isOpen: open !== undefined, broken: await ledger.verify('beta'), stacks };
  } finally {
    await ledger.close();
  }
}

function cloudOf(root: string): Pick<Remains, 'alive' | 'most'> {
  const cloud = openCloud(join(root, '.signalbox', 'sandbox', 'cloud.db'), { seed: 'crash', faults: [] });
  try {
    const calls = cloud.log();
    const [now, most]: Record<string, number>[] = [{}, {}];
    for (const { call, urn } of calls) {
      if (call === 'update' || !now || !most) continue;
      now[urn] = (now[urn] ?? 0) + (call === 'create' ? 1 : -1);
      most[urn] = Math.max(most[urn] ?? 0, now[urn]);
    }
    const urns = [...new Set(calls.map(({ urn }) => urn))];
    const alive = urns.flatMap((urn) =>
      cloud.born(urn).map(({ stack, type, id }) => `${stack} ${type} ${id}`),
    );
    return { alive: alive.sort(), most: most ?? {} };
  } finally {
    cloud.close();
  }
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const PASSING: ReadonlySet<string> = new Set([
  'created',
  'modified',
  'sourcePosition',
  'stackTrace',
  'ciphertext',
]);

const steady = (resource: StateResource): string =>
  JSON.stringify(resource, (key, value) => (PASSING.has(key) ? undefined : sorted(value))).replaceAll(
    UUID,
    'uuid',
  );

/** Keys in one order: that of a map is no part of its meaning. */
function sorted(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const within = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);
