import { openCorpus } from './corpus';
import type { StepReport } from './run';
import { runScenario } from './scenario';

/** Runs one scenario and sends each step's report to the parent: `child.ts <corpus folder> <scenario>`. */
async function main(): Promise<void> {
  const [folder = '', name = ''] = process.argv.slice(2);
  // Late errors of a failed program belong to the program: the step has ended with its error already.
  process.on('uncaughtException', () => undefined);
  process.on('unhandledRejection', () => undefined);
  for await (const report of runScenario(openCorpus(folder, name), name)) await send(report);
  process.exit(0);
}

function send(report: StepReport): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) throw new Error('started without a parent to report to');
    process.send(report, undefined, {}, (error) => (error === null ? resolve() : reject(error)));
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exit(1);
});
