import { createInterface } from 'node:readline/promises';
import { plural } from '../report/words';
import type { ReadyProposal } from '../rollout/start';
import { EXIT } from './exit';
import { Stop } from './stop';
import type { Work } from './work';

/** Asks before a real cloud is changed. The sandbox never asks; without a terminal it needs `--yes`. */
export async function confirm({ call, world, signal }: Work, proposal: ReadyProposal): Promise<void> {
  if (world.ports.engine.cloud === 'sandbox' || call.options['yes'] === true) return;
  const count = plural(Object.keys(proposal.plan.targets).length, 'stack');
  if (!process.stdin.isTTY || call.out.isJson) {
    throw new Stop(
      EXIT.usage,
      `this would change ${count} of a real cloud, and there is no terminal to ask on; nothing was done`,
      { remedy: 'look at it with --dry-run, then repeat with --yes' },
    );
  }
  const questions = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await questions.question(`Roll ${proposal.release.id} out to ${count}? Type yes: `, {
      signal,
    });
    if (answer.trim().toLowerCase() === 'yes') return;
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    questions.close();
  }
  throw new Stop(EXIT.cancelled, 'not confirmed; nothing was changed');
}
