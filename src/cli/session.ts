import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { loadRemembered } from '../config/remembered';
import type { Fleet } from '../core/fleet';
import type { Project } from '../core/project';
import { instant } from '../core/time';
import { type Unreviewed, unreviewed } from '../core/unreviewed';
import { type Ledger, LedgerFailure } from '../ledger/port';
import { openSqliteLedger } from '../ledger/sqlite/ledger';
import { driverOf } from '../rollout/lease';
import { openRollout } from '../rollout/request';
import { leftovers } from '../vendor/leftovers';
import { planted } from '../vendor/planted';
import type { Call } from './commands';
import { EXIT } from './exit';
import { Stop } from './stop';

/** A repository whose files are right, and its ledger. No SDK is loaded for it. */
export interface Session {
  readonly root: string;
  readonly project: Project;
  readonly ledger: Ledger;
  /** Who acts, for the ledger. */
  readonly actor: string;
}

/** Opens the repository around the current folder; stops with every problem there is. */
export async function openSession(call: Call): Promise<Session> {
  const root = await readRoot(call);
  const loaded = loadRemembered(root, instant(Date.now()));
  if (!loaded.ok) throw new Stop(EXIT.usage, '', { problems: loaded.problems, texts: loaded.sources.texts });
  keepOutOfGit(root);
  return {
    root,
    project: loaded.project,
    ledger: openSqliteLedger(join(root, '.signalbox', 'ledger.db')),
    actor: actorOf(process.env),
  };
}

/**
 * The repository's root, its track folders whole: a change of pins that was interrupted is finished first. Nothing in
 * `.signalbox` is read before it is known to be from here.
 */
export async function readRoot({ options, out }: Call): Promise<string> {
  const root = findRoot(options['cwd']);
  const fault = await planted(root);
  if (fault) throw new Stop(EXIT.usage, '', { problems: [fault] });
  if (leftovers(root).length === 0) return root;
  const { recoverSwaps } = require('../vendor/swap') as typeof import('../vendor/swap');
  const recovered = recoverSwaps(root);
  if (!recovered.ok) throw new Stop(EXIT.usage, '', { problems: recovered.problems });
  for (const track of recovered.value)
    out.note(`tracks/${track}: an interrupted change of pins was finished`);
  return root;
}

/** Runs a command on a session and closes what it opened, whatever happens. */
export async function withSession<T>(call: Call, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession(call);
  try {
    return await work(session);
  } catch (error) {
    if (error instanceof LedgerFailure)
      throw new Stop(error.kind === 'busy' ? EXIT.held : EXIT.failed, error.message, {
        remedy: error.remedy,
      });
    throw error;
  } finally {
    await session.ledger.close();
  }
}

/** Who drives the rollouts that have not ended, by track. */
export async function readDrivers(ledger: Ledger, fleet: Fleet): Promise<ReadonlyMap<string, string>> {
  const open = [...fleet.tracks].flatMap(([track, record]) => (record.open ? [track] : []));
  const drivers = await Promise.all(
    open.map(async (track) => [track, await driverOf(ledger, track)] as const),
  );
  return new Map(drivers.flatMap(([track, driver]) => (driver === undefined ? [] : [[track, driver]])));
}

/** The stacks of open rollouts that wait for somebody's approval, by track. */
export async function readUnreviewed(
  ledger: Ledger,
  fleet: Fleet,
): Promise<ReadonlyMap<string, readonly Unreviewed[]>> {
  const open = [...fleet.tracks].flatMap(([track, record]) => (record.open ? [track] : []));
  const states = await Promise.all(
    open.map(async (track) => [track, await openRollout({ ledger }, track)] as const),
  );
  return new Map(states.flatMap(([track, state]) => (state ? [[track, unreviewed(state)]] : [])));
}

/** The track of `--track`, or a stop that names the ones there are. */
export function trackOption(session: Session, call: Call): string {
  const track = call.options['track'];
  const known = Object.keys(session.project.tracks);
  if (typeof track !== 'string')
    throw new Stop(EXIT.usage, '--track is missing', { remedy: `one of: ${known.join(', ')}` });
  if (!known.includes(track))
    throw new Stop(EXIT.notFound, `there is no track "${track}"`, { remedy: `tracks: ${known.join(', ')}` });
  return track;
}

export function stackOption(session: Session, stack: string): string {
  if (Object.hasOwn(session.project.stacks, stack)) return stack;
  throw new Stop(EXIT.notFound, `there is no stack "${stack}"`, {
    remedy: `stacks: ${Object.keys(session.project.stacks).join(', ')}`,
  });
}

function findRoot(wanted: string | boolean | undefined): string {
  const start = resolve(typeof wanted === 'string' ? wanted : '.');
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'signalbox.yaml'))) return folder;
    if (folder === dirname(folder) || typeof wanted === 'string') {
      throw new Stop(
        EXIT.usage,
        `no signalbox.yaml in ${start}${typeof wanted === 'string' ? '' : ' or above'}`,
        { remedy: 'run it in the repository, or name it: --cwd <folder>' },
      );
    }
  }
}

/** Ledger, store and state are the machine's, never the repository's, whatever its .gitignore says. */
function keepOutOfGit(root: string): void {
  const folder = join(root, '.signalbox');
  if (existsSync(join(folder, '.gitignore'))) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Vendoring may have made it before, as any other folder.
  chmodSync(folder, 0o700);
  writeFileSync(join(folder, '.gitignore'), '*\n');
}

function actorOf(environment: NodeJS.ProcessEnv): string {
  const named =
    environment['SIGNALBOX_ACTOR'] ?? environment['GITHUB_ACTOR'] ?? environment['GITLAB_USER_LOGIN'];
  if (named !== undefined && named !== '') return named;
  try {
    return userInfo().username;
  } catch {
    // A container's user may have no name.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
