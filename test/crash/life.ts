import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { childrenOf, kill } from './process-tree';

/** A kill: after so many lines of the program's own story and some milliseconds more, of these processes. */
export interface Blow {
  readonly afterLines: number;
  readonly afterMs: number;
  readonly at: 'driver' | 'child' | 'all';
}

export interface Life {
  /** Exit code of each start of the program; undefined where it was killed. */
  readonly ends: readonly (number | undefined)[];
  /** Kills that hit a living process. */
  readonly hits: readonly Blow['at'][];
  /** Where each of them hit, for whoever must find out what happened. */
  readonly told: readonly string[];
  /** What the last start said. */
  readonly last: readonly string[];
}

/**
 * Runs a command again and again, each time with the next blow, until it ends by itself; the blows that are left are
 * left for the next command. Kills of a child let the driver live: the next blow is for the same run.
 */
export async function live(start: () => Promise<ChildProcess>, left: Blow[], limit: number): Promise<Life> {
  const ends: (number | undefined)[] = [];
  const hits: Blow['at'][] = [];
  const told: string[] = [];
  for (;;) {
    const child = await start();
    const story: string[] = [];
    const exited = once(child, 'exit');
    const before = hits.length;
    let blow = left.shift();
    let seen = 0;
    const strike = (): void => {
      const now = blow;
      if (!now || seen < now.afterLines) return;
      blow = undefined;
      setTimeout(() => {
        if (hit(child, now.at)) {
          hits.push(now.at);
          told.push(
            `start ${ends.length + 1}: ${now.at} killed ${now.afterMs} ms after "${story.at(-1) ?? ''}"`,
          );
        }
        blow = left.shift();
        seen = 0;
        strike();
      }, now.afterMs);
    };
    if (child.stdout)
      createInterface({ input: child.stdout }).on('line', (line) => {
        story.push(line);
        seen += 1;
        strike();
      });
    strike();
    const [code] = (await exited) as [number | null];
    if (blow) left.unshift(blow);
    ends.push(code ?? undefined);
    // Where only a child died the program may say so and stop, for somebody to start it again.
    const isStopped = code !== 0 && hits.slice(before).includes('child');
    if (code !== null && !isStopped) return { ends, hits, told, last: story };
    if (ends.length > limit) throw new Error(`no end after ${limit} starts: ${story.slice(-3).join('\n')}`);
  }
}

function hit(driver: ChildProcess, at: Blow['at']): boolean {
  const pid = driver.pid;
  if (pid === undefined || driver.exitCode !== null || driver.signalCode !== null) return false;
  const children = childrenOf(pid);
  switch (at) {
    case 'driver':
      return kill(pid);
    case 'child':
      return children.slice(0, 1).some(kill);
    case 'all':
      // The driver first: it must not see its children die.
      return [kill(pid), ...children.map(kill)].includes(true);
  }
}

/** Starts the program on an estate; `words` are asked before each start. */
export function starter(
  program: string,
  root: string,
  words: () => readonly string[] | Promise<readonly string[]>,
): () => Promise<ChildProcess> {
  const { PATH, HOME } = process.env;
  return async () =>
    spawn(process.execPath, [program, ...(await words()), '--json', '--cwd', root], {
      cwd: root,
      env: { PATH, HOME, SIGNALBOX_ACTOR: 'crash' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
}
