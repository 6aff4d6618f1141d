import { createInterface } from 'node:readline/promises';
import { plural } from '../report/words';
import type { ReadyProposal } from '../rollout/start';
import { EXIT } from './exit';
import { Stop } from './stop';
import type { Work } from './work';

/** Asks before a real cloud is changed. */
export function confirm(work: Work, { plan, release }: ReadyProposal): Promise<void> {
  const count = plural(Object.keys(plan.targets).length, 'stack');
  return confirmed(work, {
    would: `this would change ${count} of a real cloud`,
    question: `Roll ${release.id} out to ${count}?`,
  });
}

/** Asks a question that only `yes` answers. The sandbox never asks; without a terminal it needs `--yes`. */
export async function confirmed(
  { call, world, signal }: Work,
  { would, question }: { readonly would: string; readonly question: string },
): Promise<void> {
  if (world.ports.engine.cloud === 'sandbox' || call.options['yes'] === true) return;
  if (!process.stdin.isTTY || call.out.isJson) {
    throw new Stop(EXIT.usage, `${would}, and there is no terminal to ask on; nothing was done`, {
      remedy: 'look at it with --dry-run, then repeat with --yes',
    });
  }
  const questions = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await questions.question(`${question} Type yes: `, { signal });
    if (answer.trim().toLowerCase() === 'yes') return;
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    questions.close();
  }
  throw new Stop(EXIT.cancelled, 'not confirmed; nothing was changed');
}
