import { hash } from 'node:crypto';
import type { LedgerEvent } from '../core/event';
import { instant } from '../core/time';
import { canonicalJson } from './canonical';
import type { Draft, Entry } from './port';

/** An entry as stored: the event split into its type and the canonical JSON of all the rest. */
export interface Row {
  readonly track: string;
  readonly seq: number;
  readonly type: string;
  readonly at: number;
  readonly actor: string;
  readonly key: string;
  readonly payload: string;
  readonly prev: string;
  readonly hash: string;
}

/** The last entry of a track; kept beside the entries, so that missing last entries are noticed. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** What the first entry of every track follows. */
export const origin: Head = { seq: 0, hash: '0'.repeat(64) };

export interface Break {
  readonly seq: number;
  readonly reason: string;
}

/** The entry that follows `head`. Throws a TypeError where the draft is no JSON. */
export function link(track: string, head: Head, draft: Draft): Row {
  const { type, ...payload } = draft.event;
  const row = {
    track: plain(track, 'track'),
    seq: head.seq + 1,
    type: plain(type, 'event.type'),
    at: finite(draft.at),
    actor: plain(draft.actor, 'actor'),
    key: plain(draft.key, 'key'),
    payload: canonicalJson(payload, type),
    prev: head.hash,
  };
  return { ...row, hash: hashOf(row) };
}

/** SHA-256, 64 hex digits, of the canonical JSON of all fields but the hash; the payload is an object in it. */
export function hashOf({ actor, at, key, payload, prev, seq, track, type }: Omit<Row, 'hash'>): string {
  // Literals in the order of canonical JSON: stringify keeps it, and a ledger of thousands of entries is read in no time.
  const before = JSON.stringify({ actor, at, key }).slice(0, -1);
  const after = JSON.stringify({ prev, seq, track, type }).slice(1);
  // The stored payload text goes in as it is: a change of any byte of it changes the hash.
  return hash('sha256', `${before},"payload":${payload},${after}`);
}

export function entryOf(row: Row): Entry {
  const { track, seq, actor, key, prev, hash } = row;
  const event = { type: row.type, ...JSON.parse(row.payload) } as LedgerEvent;
  return { track, seq, at: instant(row.at), actor, key, event, prev, hash };
}

/** Checks that `rows` follow `from` without a gap, are unchanged, and end at `to`; the first broken entry otherwise. */
export function firstBreak(rows: readonly Row[], from: Head, to: Head): Break | undefined {
  let last = from;
  for (const row of rows) {
    const seq = last.seq + 1;
    if (row.seq !== seq) return { seq, reason: `entry ${seq} is missing` };
    if (row.prev !== last.hash) return { seq, reason: `entry ${seq} does not follow entry ${last.seq}` };
    if (row.hash !== hashOf(row)) return { seq, reason: `entry ${seq} was changed after it was written` };
    last = row;
  }
  if (last.seq < to.seq) {
    const seq = last.seq + 1;
    const reason = seq === to.seq ? `entry ${seq} is missing` : `entries ${seq} to ${to.seq} are missing`;
    return { seq, reason };
  }
  if (last.seq > to.seq)
    return { seq: to.seq + 1, reason: `entry ${to.seq + 1} is beyond the recorded head` };
  if (last.hash !== to.hash) return { seq: last.seq, reason: `entry ${last.seq} is not the recorded head` };
  return undefined;
}

function finite(at: number): number {
  if (!Number.isFinite(at)) throw new TypeError(`at is ${at}, which is not a time`);
  return at;
}

/** Names go into text columns: what a store could bend (NUL, lone surrogates) is refused. */
function plain(text: unknown, name: string): string {
  if (typeof text !== 'string' || text === '' || !text.isWellFormed() || text.includes('\0')) {
    throw new TypeError(`${name} must be a well-formed, non-empty text, not ${JSON.stringify(text)}`);
  }
  return text;
}
