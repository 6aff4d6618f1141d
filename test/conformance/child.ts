import { openCorpus } from './corpus';
import type { Order, Word } from './run';
import { runScenario } from './scenario';

/** Runs the scenarios that the parent asks for, one at a time, and sends it each step's report. */
async function serve({ corpus, scenario, strict }: Order): Promise<void> {
  let isClean = true;
  for await (const { report, isFailed } of runScenario(openCorpus(corpus, scenario), scenario, { strict })) {
    if (isFailed) isClean = false;
    await send({ kind: 'report', report });
  }
  await send({ kind: 'end', isClean });
}

function send(word: Word): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) throw new Error('started without a parent to report to');
    process.send(word, undefined, {}, (error) => (error === null ? resolve() : reject(error)));
  });
}

// Late errors of a failed program belong to the program: the step has ended with its error already.
process.on('uncaughtException', () => undefined);
process.on('unhandledRejection', () => undefined);
process.on('disconnect', () => process.exit(0));
process.on('message', (order: Order) => {
  serve(order).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`, () => process.exit(1));
  });
});
