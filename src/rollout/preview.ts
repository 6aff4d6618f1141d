import { type Approval, expectedOf, unlike } from '../core/approval';
import type { Change, ChangeCounts } from '../core/change';
import { changesDigest, classOf } from '../core/digest';
import type { Direction, Irreversible, StackPreviewed } from '../core/event';
import { foreignIn } from '../core/foreign';
import type { Contents } from '../core/plan';
import { destroyedBy, irreversibleOnTheWayBack } from '../core/risk';
import type { Diagnostic, Failure, Operation, Preview } from '../engine/port';
import { basisDigest, basisOf } from './operation';
import { contextOf } from './outcome';
import { pooled } from './pool';
import type { Ports } from './ports';

export interface PreviewWish {
  readonly operation: Operation;
  readonly channel: string;
  readonly direction: Direction;
  readonly contents: Contents;
  /** Keys of the components that are meant to change. */
  readonly moves: readonly string[];
  /** What runs now, as far as it is known. */
  readonly running: Contents;
  /** Every resource is read first. */
  readonly isRefreshed?: boolean;
  /** The preview of it that was reviewed, where there is one. */
  readonly reviewed?: Approval | undefined;
}

export type StackPreview = SeenPreview | FailedPreview;

/** What one stack would do. */
export interface SeenPreview extends Approval {
  readonly ok: true;
  readonly stack: string;
  readonly channel: string;
  readonly direction: Direction;
  readonly changes: readonly Change[];
  readonly counts: ChangeCounts;
  readonly class: string;
  readonly irreversible: readonly Irreversible[];
  readonly foreign: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  readonly pending?: NonNullable<Preview['pending']>;
  readonly byGoal?: NonNullable<Preview['byGoal']>;
  /** What is otherwise than the state says; undefined where nobody looked. */
  readonly drift?: NonNullable<Preview['drift']>;
}

export interface FailedPreview {
  readonly ok: false;
  readonly stack: string;
  readonly channel: string;
  readonly failure: Failure;
}

/** Previews many stacks at once, as many as there is room for; one that fails does not stop the others. */
export function previewStacks(
  ports: Pick<Ports, 'engine' | 'hash' | 'given' | 'room' | 'observer'>,
  wishes: readonly PreviewWish[],
  signal: AbortSignal,
  onPreview?: (preview: StackPreview, all: number) => void,
): Promise<StackPreview[]> {
  return pooled(wishes, { room: ports.room, stackOf: ({ operation }) => operation.stack }, async (wish) => {
    const preview = await previewStack(ports, wish, signal);
    onPreview?.(preview, wishes.length);
    return preview;
  });
}

async function previewStack(
  ports: Pick<Ports, 'engine' | 'hash' | 'given' | 'observer'>,
  wish: PreviewWish,
  signal: AbortSignal,
): Promise<StackPreview> {
  const { engine, hash } = ports;
  const { operation, channel, direction, reviewed, isRefreshed = false } = wish;
  const { stack } = operation;
  // As it is before the look: what moves meanwhile is then noticed.
  const basis = await basisOf(ports, operation);
  const result = await engine.preview(operation, contextOf({ ports, signal }, stack), { isRefreshed });
  if (!result.ok) return { ok: false, stack, channel, failure: result.failure };
  const { changes, counts, stateVersion, diagnostics, pending, byGoal, drift } = result.value;
  return {
    ok: true,
    stack,
    channel,
    direction,
    changes,
    counts,
    stateVersion,
    diagnostics,
    ...(pending === undefined ? {} : { pending }),
    ...(byGoal === undefined ? {} : { byGoal }),
    ...(drift === undefined ? {} : { drift }),
    digest: changesDigest(changes, hash),
    class: classOf(changes, stack, hash),
    operation: basisDigest(basis, hash),
    basis,
    expected: expectedOf(changes, hash),
    ...(reviewed === undefined ? {} : { compared: comparedWith(reviewed, changes, hash) }),
    irreversible: direction === 'forward' ? irreversibleOnTheWayBack(changes) : destroyedBy(changes),
    foreign: direction === 'forward' ? foreignIn(changes, wish.contents, wish.moves, wish.running) : [],
  };
}

function comparedWith(
  reviewed: Approval,
  changes: readonly Change[],
  hash: Ports['hash'],
): NonNullable<Approval['compared']> {
  const { digest, expected } = reviewed;
  const isSame = changesDigest(changes, hash) === digest;
  // An older version recorded no more than the digest: then all of it may be different.
  return { with: digest, unlike: isSame ? [] : unlike(expected ?? NOTHING, changes, hash) };
}

const NOTHING = { changes: [], wildcards: [] };

/** The event that records a preview: all but the changes themselves, which may be large and are in the engine's log. */
export function previewedEvent(rollout: string, preview: SeenPreview): StackPreviewed {
  const { ok: _, channel: _channel, changes: _changes, diagnostics: _diagnostics, ...seen } = preview;
  const { pending: _pending, drift: _drift, ...facts } = seen;
  return { type: 'stack-previewed', rollout, ...facts };
}
