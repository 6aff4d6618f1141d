import type { Clock } from '../../clock';
import { duration, type Instant, instant } from '../../core/time';
import type { Row, Store } from './store';

const RESOLUTION = 100;
const LONGEST_TIMER = 2_147_483_647;

interface State {
  readonly baseWall: number;
  readonly baseAt: number;
  readonly scale: number;
  readonly seenWall: number;
}

/**
 * The sandbox's time: base + wall time × scale, in the sandbox's file, the same in every process. It never goes back:
 * a new scale counts from now on, and where the wall clock was set back, sandbox time goes on from the latest noted.
 * `scale` undefined keeps the file's. `wall` is the wall clock in milliseconds since 1970.
 */
export function openClock(store: Store, scale: number | undefined, wall: () => number = Date.now): Clock {
  if (scale !== undefined) adopt(store, scale, wall);
  let latest = 0;
  const first = load(store)?.scale ?? 1;
  const clock = {
    scale: first,
    resolution: duration(RESOLUTION * first),
    now(): Instant {
      const state = look(store, wall);
      clock.scale = state.scale;
      clock.resolution = duration(RESOLUTION * state.scale);
      latest = Math.max(latest, Math.floor(at(state, state.seenWall)));
      return instant(latest);
    },
    async until(end: Instant, signal?: AbortSignal): Promise<void> {
      for (let left = end - clock.now(); left > 0 && !signal?.aborted; left = end - clock.now()) {
        await pause(Math.min(Math.ceil(left / clock.scale), LONGEST_TIMER), signal);
      }
    },
  };
  return clock;
}

function at(state: State, wall: number): number {
  return state.baseAt + (wall - state.baseWall) * state.scale;
}

/**
 * The state with `seenWall` = now. Every look is noted before it is answered: what no process has seen may be taken back,
 * nothing else. The wall is read under the lock, so that a late reader is not taken for a clock set back.
 */
function look(store: Store, wall: () => number): State {
  const known = load(store);
  if (known?.seenWall === wall()) return known;
  return store.transact(() => {
    const noted = load(store);
    const seenWall = wall();
    const state = noted ?? { baseWall: seenWall, baseAt: seenWall, scale: 1, seenWall };
    const next =
      seenWall >= state.seenWall
        ? { ...state, seenWall }
        : { ...state, baseWall: seenWall, baseAt: at(state, state.seenWall), seenWall };
    save(store, next);
    return next;
  });
}

/** Makes `scale` the file's from now on. */
function adopt(store: Store, scale: number, wall: () => number): void {
  if (load(store)?.scale === scale) return;
  store.transact(() => {
    if (load(store)) {
      const state = look(store, wall);
      save(store, { ...state, baseWall: state.seenWall, baseAt: at(state, state.seenWall), scale });
    } else {
      const seenWall = wall();
      save(store, { baseWall: seenWall, baseAt: seenWall, scale, seenWall });
    }
  });
}

function load(store: Store): State | undefined {
  const row: Row | undefined = store.one('SELECT base_wall, base_at, scale, seen_wall FROM clock');
  return (
    row && {
      baseWall: Number(row['base_wall']),
      baseAt: Number(row['base_at']),
      scale: Number(row['scale']),
      seenWall: Number(row['seen_wall']),
    }
  );
}

function save(store: Store, state: State): void {
  store.run(
    'INSERT OR REPLACE INTO clock (one, base_wall, base_at, scale, seen_wall) VALUES (1, ?, ?, ?, ?)',
    state.baseWall,
    state.baseAt,
    state.scale,
    state.seenWall,
  );
}

/** Resolves after `milliseconds` of wall time or when the signal aborts; holds the process open. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener('abort', end, { once: true });
  });
}
