import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonical } from '../../core/digest';
import type { ChangeCounts, Context, Engine, Operation, Preview, Result, Update } from '../port';
import type { Goal, GoalSource } from './goal';

/** What an update that succeeded leaves behind for the next preview. */
interface Reached {
  readonly version: 1;
  readonly goal: Goal;
  /** How many resources the stack then had, as an unchanged preview counts them. */
  readonly same: number;
  readonly stateVersion: string;
}

export interface ByGoalOptions {
  readonly root: string;
  readonly source: GoalSource;
  /** How many of the stacks that could be answered are previewed for real all the same. */
  readonly sample: number;
  /** From 0 up to 1, as Math.random. */
  random?(): number;
}

/**
 * An engine that answers a preview by itself where everything the stack's program is known to depend on equals that of its
 * last successful update: then it is unchanged by construction. Updates never take this way. What a program reads besides
 * (time, files, network) nobody can see, so a random sample is previewed for real; a miss is a bug in a component and said so.
 */
export function answeringByGoal(engine: Engine, options: ByGoalOptions): Engine {
  const { source } = options;
  const notes = new Notes(join(options.root, '.signalbox', 'goal'));
  const chosen = chooser(notes, options);
  return {
    ...engine,
    async preview(operation, context, look) {
      const { stack } = operation;
      // What somebody changed by hand stands in no file that a goal could cover.
      if (look?.isRefreshed) return engine.preview(operation, context, look);
      const reached = context.signal.aborted ? undefined : notes.read(stack);
      const isReached = reached && canonical(reached.goal) === canonical(await source.goalOf(operation));
      if (!isReached) return engine.preview(operation, context);
      if (!chosen().has(stack)) return { ok: true, value: answer(reached) };
      const seen = await engine.preview(operation, context);
      if (!seen.ok) return seen;
      if (canonical(seen.value.counts) === canonical(answer(reached).counts))
        return by(seen.value, 'checked');
      notes.remove(stack);
      return by({ ...seen.value, diagnostics: [...seen.value.diagnostics, miss(operation)] }, 'missed');
    },
    up: async (operation: Operation, context: Context): Promise<Result<Update>> => {
      notes.remove(operation.stack);
      const result = await engine.up(operation, context);
      if (result.ok && source.objection(operation, result.value) === undefined)
        notes.write(operation.stack, reachedBy(result.value, await source.goalOf(operation)));
      return result;
    },
  };
}

const by = (value: Preview, byGoal: NonNullable<Preview['byGoal']>): Result<Preview> => ({
  ok: true,
  value: { ...value, byGoal },
});

function reachedBy({ counts, stateVersion }: Update, goal: Goal): Reached {
  const { create, update, replace, same } = counts;
  return { version: 1, goal, same: create + update + replace + same, stateVersion };
}

function answer({ same, stateVersion }: Reached): Preview {
  const counts: ChangeCounts = { create: 0, update: 0, replace: 0, delete: 0, same };
  return { changes: [], counts, stateVersion, diagnostics: [], byGoal: 'answered' };
}

const miss = ({ stack, components }: Operation): Preview['diagnostics'][number] => ({
  severity: 'warning',
  message:
    `a bug in a component of ${stack} (${components.map(({ component }) => component).join(', ')}): all that it is given equals ` +
    'its last update, yet it would change. It reads something else: time, chance, a file, the network. ' +
    'Until that is mended: preview --no-digest',
});

/** Which stacks are looked at all the same: as many as wished, by chance, chosen once. */
function chooser(notes: Notes, { sample, random = Math.random }: ByGoalOptions): () => ReadonlySet<string> {
  let chosen: ReadonlySet<string> | undefined;
  return () => {
    if (chosen) return chosen;
    const drawn = notes.stacks().map((stack) => ({ stack, lot: random() }));
    const first = drawn.sort((a, b) => a.lot - b.lot).slice(0, sample);
    chosen = new Set(first.map(({ stack }) => stack));
    return chosen;
  };
}

/** One file a stack, digests only; what cannot be read is as if it were not there. */
class Notes {
  constructor(private readonly folder: string) {}

  stacks(): string[] {
    try {
      return readdirSync(this.folder).flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -5)] : []));
    } catch {
      // No update has succeeded yet.
      return [];
    }
  }

  read(stack: string): Reached | undefined {
    try {
      const note = JSON.parse(readFileSync(this.file(stack), 'utf8')) as Reached;
      return note.version === 1 ? note : undefined;
    } catch {
      // Never written, or cut short: the engine is asked.
      return undefined;
    }
  }

  write(stack: string, reached: Reached): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const draft = `${this.file(stack)}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(reached)}\n`, { mode: 0o600 });
    renameSync(draft, this.file(stack));
  }

  remove(stack: string): void {
    rmSync(this.file(stack), { force: true });
  }

  private file(stack: string): string {
    return join(this.folder, `${stack}.json`);
  }
}
