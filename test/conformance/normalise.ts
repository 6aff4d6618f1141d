import { createDecipheriv, pbkdf2Sync } from 'node:crypto';
import { SECRET, SIGNATURE, UNKNOWN } from '../../src/engine/embedded/provider';
import { settle } from './chance';
import type { Outcome } from './corpus';
import { PASSPHRASE } from './drive';

/** An outcome without what differs from run to run. */
export interface Normal {
  /** Succeeded with this, or failed with an error of this kind. */
  readonly ending: unknown;
  /** Resource events, prelude, summary and end, in order. */
  readonly events: readonly unknown[];
  /** What the operations were about, in order: `create urn`. */
  readonly order: readonly string[];
  /**
   * By severity, URN and text. Their order among other events is a matter of chance, that among themselves is sorted away.
   * Each counts once: the SDK keeps listening for late errors of a program whose create failed, so a process that records
   * several programs says each later error of theirs as often as such runs came before.
   */
  readonly diagnostics: readonly unknown[];
  readonly provider: readonly unknown[];
  readonly state: unknown;
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Names = Map<string, string>;

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIMES: ReadonlySet<string> = new Set(['time', 'created', 'modified']);
const DROPPED: ReadonlySet<string> = new Set(['sequence', 'timestamp', 'sourcePosition', 'stackTrace']);

/** Normalises the outcomes of one side of one scenario; provider ids keep one name from step to step. */
export class Normaliser {
  private readonly names: Names = new Map();
  private readonly counts = new Map<string, number>();
  /** The resources of each stack when the step began. */
  private readonly before = new Map<string, { [key: string]: Json }[]>();

  constructor(private readonly options: { readonly strict: boolean } = { strict: false }) {}

  normal(outcome: Outcome): Normal {
    const events = this.clean(outcome.events ?? []);
    const provider = this.clean(outcome.provider ?? []);
    const state = this.clean(openState((outcome.state ?? null) as Json));
    const listed = events as { [key: string]: Json }[];
    const { stack, resources } = holdings(state);
    const steps = listed.filter((event) => !('diagnosticEvent' in event));
    const calls = provider as { [key: string]: Json }[];
    const diagnostics = listed.flatMap((event) => diagnosticOf(event['diagnosticEvent']));
    const told = this.options.strict
      ? { events: steps, provider: calls }
      : settle(steps, calls, this.before.get(stack) ?? []);
    this.before.set(stack, resources);
    return {
      ending:
        outcome.error === undefined
          ? this.clean(outcome.result ?? null)
          : failure(outcome.error, told.events),
      events: told.events,
      order: told.events.flatMap(stepOf),
      diagnostics: this.options.strict ? diagnostics : once(diagnostics),
      provider: told.provider,
      state,
    };
  }

  private clean(value: unknown): Json {
    // Through JSON: what is undefined is absent, on both sides.
    const plain: Json = JSON.parse(JSON.stringify(value));
    this.learn(plain);
    return this.walk(plain, '');
  }

  /** Gives every UUID a name, after the URN it stands for where one is near. */
  private learn(value: Json): void {
    if (typeof value === 'string') {
      const [, urn, id] = /^(urn:pulumi:.*)::([0-9a-f-]{36})$/.exec(value) ?? [];
      if (urn !== undefined && id !== undefined) this.name(id, urn);
    } else if (Array.isArray(value)) for (const item of value) this.learn(item);
    else if (value !== null && typeof value === 'object') {
      const { urn, id } = value;
      if (typeof urn === 'string' && typeof id === 'string' && id.match(UUID)?.[0] === id) this.name(id, urn);
      for (const item of Object.values(value)) this.learn(item);
    }
  }

  private name(id: string, urn: string): string {
    const known = this.names.get(id);
    if (known !== undefined || id === UNKNOWN) return known ?? id;
    const count = (this.counts.get(urn) ?? 0) + 1;
    this.counts.set(urn, count);
    const name = `<id ${count} of ${urn.split('::').slice(2).join('::')}>`;
    this.names.set(id, name);
    return name;
  }

  private walk(value: Json, key: string): Json {
    if (typeof value === 'string') {
      if (TIMES.has(key)) return '<time>';
      return withoutFrames(value).replace(UUID, (id) => (id === UNKNOWN ? id : this.name(id, 'something')));
    }
    if (key === 'durationSeconds') return '<seconds>';
    if (Array.isArray(value)) return value.map((item) => this.walk(item, ''));
    if (value === null || typeof value !== 'object') return value;
    const cleaned: { [key: string]: Json } = {};
    for (const [name, item] of Object.entries(value)) {
      if (!DROPPED.has(name)) cleaned[name] = this.walk(item, name);
    }
    if (!this.options.strict) sortSets(cleaned);
    return cleaned;
  }
}

/** The real engine keeps dependencies, and the keys that replace a resource, in hash sets: their order is chance. */
function sortSets(state: { [key: string]: Json }): void {
  const { dependencies, propertyDependencies, keys, urn } = state;
  if (typeof urn !== 'string') return;
  const lists = [dependencies, keys];
  if (typeof propertyDependencies === 'object') lists.push(...Object.values(propertyDependencies ?? {}));
  for (const list of lists) if (Array.isArray(list)) list.sort();
}

/** Stack frames name files and lines of whoever ran the program; a corpus's own files lie somewhere. */
function withoutFrames(text: string): string {
  return text
    .replace(/(\n\s+at [^\n]*)+/g, '')
    .replace(/[^\s'"]*\/(?=files\/)/g, '<CORPUS>/')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:<PORT>');
}

function stepOf(event: { [key: string]: Json }): string[] {
  for (const kind of ['resourcePreEvent', 'resOutputsEvent', 'resOpFailedEvent']) {
    const step = event[kind];
    if (step === null || typeof step !== 'object' || Array.isArray(step)) continue;
    const metadata = step['metadata'] as { op: string; urn: string };
    return [`${kind} ${metadata.op} ${metadata.urn}`];
  }
  return [];
}

type Told = { severity: Json; urn: Json; prefix: Json; message: string };

function diagnosticOf(event: Json | undefined): Told[] {
  if (event === undefined || event === null || typeof event !== 'object' || Array.isArray(event)) return [];
  const { severity = null, urn = '', prefix = '', message = '' } = event;
  if (severity === 'debug') return [];
  return [{ severity, urn, prefix, message: String(message) }];
}

/** Each diagnostic once, in an order of its own. */
function once(diagnostics: readonly Told[]): Json[] {
  const texts = new Set(
    diagnostics.map(({ message, ...rest }) => JSON.stringify({ ...rest, message: inOrder(message) })),
  );
  return [...texts].sort().map((text) => JSON.parse(text));
}

/** The keys that would replace an imported resource, a line each: their order is chance here, too. */
function inOrder(message: string): string {
  const [first = '', ...lines] = message.split('\n');
  return first.startsWith('previously-imported resources') ? [first, ...lines.sort()].join('\n') : message;
}

/** What kind of error it is and, where no event tells more, the first line of what was said. */
function failure(error: unknown, events: readonly unknown[]): Json {
  const failed = kindOf(error);
  if (events.length > 0 || typeof error !== 'object' || error === null || !('message' in error))
    return { failed };
  const [, words = ''] = /^error: (.*)$/m.exec(String(error.message)) ?? [];
  return { failed, words: words.replace(/[^\s']*\/signalbox-conformance-[^/\s']+/g, '<TEMP>') };
}

function kindOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : 'unknown';
}

/** Whose checkpoint it is, and its resources. */
function holdings(state: Json): {
  readonly stack: string;
  readonly resources: { [key: string]: Json }[];
} {
  const { checkpoint } = (state ?? {}) as {
    checkpoint?: { stack?: string; latest?: { resources?: { [key: string]: Json }[] } };
  };
  return { stack: checkpoint?.stack ?? '', resources: checkpoint?.latest?.resources ?? [] };
}

/** The checkpoint with secrets in plain text and without what is fresh each time: salt, manifest. */
function openState(state: Json): Json {
  if (state === null || typeof state !== 'object' || Array.isArray(state)) return state;
  const salt = /"salt":\s*"(v1:[^"]+)"/.exec(JSON.stringify(state))?.[1];
  return openValue(state, salt);
}

function openValue(value: Json, salt: string | undefined): Json {
  if (Array.isArray(value)) return value.map((item) => openValue(item, salt));
  if (value === null || typeof value !== 'object') return value;
  if (value[SIGNATURE] === SECRET && typeof value['ciphertext'] === 'string') {
    return {
      [SIGNATURE]: SECRET,
      plaintext: openValue(JSON.parse(decrypt(value['ciphertext'], salt)), salt),
    };
  }
  const opened: { [key: string]: Json } = {};
  for (const [name, item] of Object.entries(value)) {
    if (name === 'salt') opened[name] = '<salt>';
    else if (name === 'manifest') opened[name] = '<manifest>';
    else opened[name] = openValue(item, salt);
  }
  return opened;
}

const keys = new Map<string, Buffer>();

function keyOf(salt: string): Buffer {
  const known = keys.get(salt);
  if (known !== undefined) return known;
  const key = pbkdf2Sync(
    PASSPHRASE,
    Buffer.from(salt.split(':')[1] ?? '', 'base64'),
    1_000_000,
    32,
    'sha256',
  );
  keys.set(salt, key);
  return key;
}

/** What cannot be decrypted is itself: it will differ, and should. */
function decrypt(text: string, salt: string | undefined): string {
  const [, nonce = '', sealed = ''] = text.split(':');
  const bytes = Buffer.from(sealed, 'base64');
  if (salt === undefined) return JSON.stringify(text);
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(salt), Buffer.from(nonce, 'base64'));
    decipher.setAuthTag(bytes.subarray(-16));
    return decipher.update(bytes.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return JSON.stringify(text);
  }
}
