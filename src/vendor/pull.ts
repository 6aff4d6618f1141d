import type { Problem } from '../config/problem';
import type { Pin } from '../core/project';
import { bad, good } from './checked';
import type { Files } from './digest';
import { readLock, verifyTrack } from './lock';
import { shown } from './names';
import type { Checked } from './port';
import { findContent } from './seed';
import { isCommit, type Resolved } from './source';
import { type ContentStore, loadStore } from './store';
import { type Origins, type Swapped, swapPins } from './swap';
import { type Pins, readTrackFile, type TrackFile, trackNames } from './trackfile';
import { readPinned, readTrunk, type Trunk } from './trunk';

export interface PullWish {
  readonly root: string;
  readonly track: string;
  /** A branch, tag or commit of the trunk instead of the one in `track.yaml`; first tracks only. */
  readonly ref?: string;
  /** Only these components; the others keep their pins. */
  readonly components?: readonly string[];
}

export interface Pulled extends Swapped {
  /** The commit that was read, for a track that has a trunk. */
  readonly commit?: string;
  /** Files in the track's folder that were not as locked and have been replaced. */
  readonly discarded: readonly string[];
}

/** What a pull would leave in the track: pins, and their content in the store. */
export interface PullPlan {
  readonly before: Pins;
  readonly pins: Pins;
  readonly contents: ReadonlyMap<string, Files>;
  readonly origins: Origins;
  readonly commit?: string;
}

/**
 * Brings a track's folder to what it follows: a first track to its trunk at one commit, any other to what its
 * upstream's folder pins now (by digest, without git). All or nothing. A folder that is not as its pins say is only
 * mended: pulling is what `vendor check` advises then, and must move no pins behind the reader's back.
 */
export async function pull(wish: PullWish): Promise<Checked<Pulled>> {
  const planned = await planPull(wish);
  if (!planned.ok) return planned;
  const { pins, origins, commit } = planned.value;
  const drift = verifyTrack(wish.root, wish.track);
  const swapped = swapPins(wish.root, { track: wish.track, pins, origins });
  if (!swapped.ok) return swapped;
  const discarded = drift.ok ? [] : drift.problems.flatMap((problem) => problem.file ?? []);
  return good({ ...swapped.value, discarded, ...(commit === undefined ? {} : { commit }) });
}

/** Computes a pull and stores its content; the track's folder is not touched. */
export async function planPull(wish: PullWish): Promise<Checked<PullPlan>> {
  const { root, track } = wish;
  const file = readTrackFile(root, track);
  if (!file.ok) return file;
  const store = loadStore(root);
  const { trunk, upstream, pins } = file.value;
  const isAsked = wish.ref !== undefined || wish.components !== undefined;
  if (!isAsked && Object.keys(pins).length > 0 && !verifyTrack(root, track).ok) return planMend(root, pins);
  if (trunk) return planFromTrunk(wish, file.value, trunk, store);
  if (upstream !== undefined) return planFromUpstream(wish, file.value.pins, upstream, store);
  return bad({
    file: `tracks/${track}/track.yaml`,
    message: 'has neither a trunk nor an upstream',
    rule: 'vendor-track',
  });
}

/**
 * Sets a track's pins to the given ones (a release's), copying content by digest; git is asked only for content that
 * neither the store nor any track's folder holds (an old release on a fresh clone).
 */
export async function promoteSnapshots(wish: {
  readonly root: string;
  readonly track: string;
  readonly pins: Pins;
}): Promise<Checked<Swapped>> {
  const found = await ensureContent(wish.root, wish.pins);
  return found.ok ? swapPins(wish.root, wish) : found;
}

/** Makes sure the store holds the content of these pins; for releases of before and for strict pins of stacks. */
export async function ensureContent(root: string, pins: Pins): Promise<Checked<ContentStore>> {
  const store = loadStore(root);
  const problems: Problem[] = [];
  for (const [component, pin] of Object.entries(pins)) {
    const local = findContent(root, store, { component, pin });
    if (local.ok) continue;
    const trunk = trunkOf(root);
    const read = trunk ? await readPinned(root, trunk, { component, pin }) : local;
    if (read.ok) store.put(read.value);
    else problems.push(...local.problems, ...(trunk ? read.problems : []));
  }
  return problems.length > 0 ? bad(...problems) : good(store);
}

/** The pins stay, their content is put back. */
async function planMend(root: string, pins: Pins): Promise<Checked<PullPlan>> {
  const found = await ensureContent(root, pins);
  if (!found.ok) return found;
  const contents = new Map<string, Files>();
  for (const [component, pin] of Object.entries(pins)) {
    const files = findContent(root, found.value, { component, pin });
    if (!files.ok) return files;
    contents.set(component, files.value);
  }
  return good({ before: pins, pins, contents, origins: {} });
}

async function planFromTrunk(
  wish: PullWish,
  file: TrackFile,
  trunk: Trunk,
  store: ContentStore,
): Promise<Checked<PullPlan>> {
  const { root, track } = wish;
  const ref = wish.ref ?? trunk.ref;
  const known = (component: string) => {
    const pin = file.pins[component];
    if (!pin) return undefined;
    const files = findContent(root, store, { component, pin });
    return files.ok ? { pin, files: files.value } : undefined;
  };
  const read = await readTrunk({
    root,
    trunk,
    ref,
    known,
    ...(wish.components === undefined ? {} : { components: wish.components }),
  });
  if (!read.ok) return read;
  const { resolved, taken } = read.value;
  const moved = movedTag(wish, resolved);
  if (moved) return bad(moved);
  const pins: Record<string, Pin> = wish.components === undefined ? {} : { ...file.pins };
  const contents = new Map<string, Files>();
  const origins: Record<string, Origins[string]> = {};
  for (const { component, pin, files } of taken) {
    store.put(files);
    pins[component] = pin;
    contents.set(component, files);
    if (pin.commit === resolved.commit) origins[component] = { ref: resolved.ref, moves: resolved.moves };
  }
  if (Object.keys(pins).length === 0)
    return bad({
      file: `tracks/${track}/track.yaml`,
      message: `there are no components in ${shown(trunk.path)} at ${resolved.commit}`,
      rule: 'vendor-trunk',
    });
  return good({
    before: file.pins,
    pins: inOrder(pins, file.pins),
    contents,
    origins,
    commit: resolved.commit,
  });
}

/** A tag that names another commit than when it was vendored is refused: its name promised that it would not. */
function movedTag(wish: PullWish, resolved: Resolved): Problem | undefined {
  if (resolved.moves || isCommit(resolved.ref)) return undefined;
  const lock = readLock(wish.root, wish.track);
  if (!lock.ok) return undefined;
  const former = Object.values(lock.value.components).find(
    (component) =>
      component.ref === resolved.ref && component.moves === false && component.commit !== resolved.commit,
  );
  return (
    former && {
      file: `tracks/${wish.track}/track.lock`,
      message: `tag "${resolved.ref}" was moved from ${former.commit} to ${resolved.commit}`,
      rule: 'vendor-ref',
      remedy: `if that is meant, name the commit: --ref ${resolved.commit}`,
    }
  );
}

function planFromUpstream(
  wish: PullWish,
  before: Pins,
  upstream: string,
  store: ContentStore,
): Checked<PullPlan> {
  if (wish.ref !== undefined)
    return bad({
      message: `track "${wish.track}" takes its content from "${upstream}", not from a ref`,
      rule: 'vendor-ref',
      remedy: `pull the first track, or: npm run promote -- --track ${wish.track}`,
    });
  const verified = verifyTrack(wish.root, upstream);
  if (!verified.ok) return verified;
  const source = verified.value.file.pins;
  const unknown = (wish.components ?? []).filter((name) => !(name in source));
  if (unknown.length > 0)
    return bad(
      ...unknown.map((name) => ({
        message: `"${shown(name)}" is not in track "${upstream}"`,
        rule: 'vendor-track',
      })),
    );
  const pins: Record<string, Pin> = wish.components === undefined ? { ...source } : { ...before };
  for (const name of wish.components ?? []) {
    const pin = source[name];
    if (pin) pins[name] = pin;
  }
  const contents = new Map<string, Files>();
  for (const [name, files] of verified.value.contents) {
    if (wish.components !== undefined && !wish.components.includes(name)) continue;
    store.put(files);
    contents.set(name, files);
  }
  return good({ before, pins: inOrder(pins, before), contents, origins: {} });
}

/** Known components where they stand, new ones behind them by name: what a rewritten file looks like. */
function inOrder(pins: Pins, before: Pins): Pins {
  const names = [...Object.keys(before).filter((name) => name in pins), ...Object.keys(pins).sort()];
  return Object.fromEntries([...new Set(names)].flatMap((name) => (pins[name] ? [[name, pins[name]]] : [])));
}

function trunkOf(root: string): Trunk | undefined {
  for (const track of trackNames(root)) {
    const file = readTrackFile(root, track);
    if (file.ok && file.value.trunk) return file.value.trunk;
  }
  return undefined;
}
