import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock';
import { cloudOf, type Project } from '../core/project';
import { sandboxAccess, sandboxFile } from '../engine/sandbox/access';
import { openClock } from '../engine/sandbox/clock';
import type { Cloud } from '../engine/sandbox/cloud';
import { openStore } from '../engine/sandbox/store';
import { EXIT } from './exit';
import type { Session } from './session';
import { Stop } from './stop';
import { wallClock } from './wall-clock';

export const engineTitle = ({ engine }: Project): string =>
  `${engine.kind === 'embedded' ? 'embedded engine' : 'pulumi CLI'}, ${cloudOf(engine)} cloud`;

export const isOnSandbox = ({ engine }: Project): boolean => cloudOf(engine) === 'sandbox';

/** The time policy lives by: the sandbox's own, or the wall's. Reading it starts nothing. */
export function openTime({ root, project }: Session): Clock {
  if (!isOnSandbox(project) || !existsSync(sandboxFile(root))) return wallClock;
  return openClock(openStore(sandboxFile(root)), project.sandbox.timeScale);
}

export function openSandbox(root: string, project: Project): Cloud {
  mkdirSync(join(root, '.signalbox', 'sandbox'), { recursive: true, mode: 0o700 });
  // `status` only wants to know the time.
  const { openCloud } = require('../engine/sandbox/cloud') as typeof import('../engine/sandbox/cloud');
  return openCloud(sandboxFile(root), {
    ...sandboxAccess(root, project),
    timeScale: project.sandbox.timeScale,
  });
}

/** State of the sandbox and of a real cloud never mix: the first use marks it, the other kind is refused. */
export function markState(root: string, { engine }: Project): void {
  const folder = join(root, '.signalbox', 'state');
  const mark = join(folder, 'cloud');
  const cloud = cloudOf(engine);
  if (!existsSync(mark)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(mark, `${cloud}\n`);
    return;
  }
  const marked = readFileSync(mark, 'utf8').trim();
  if (marked === cloud) return;
  throw new Stop(
    EXIT.usage,
    `.signalbox/state and the ledger belong to ${marked === '' ? 'an unknown' : `the ${marked}`} cloud; the engine of signalbox.yaml works on the ${cloud} one`,
    {
      remedy: 'set the engine back, or move .signalbox away to start anew',
    },
  );
}
