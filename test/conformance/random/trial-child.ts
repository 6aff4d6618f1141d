import { readFileSync, writeFileSync } from 'node:fs';
import { embeddedCommand } from '../../../src/engine/embedded/command/command';
import { type Outcome, openCorpus, type Scenario } from '../corpus';
import { drive } from '../drive';
import { cliCommand } from '../record';
import { lean } from './lean';

/** Runs a scenario on one engine: `trial-child.ts <corpus folder> <scenario file> <outcomes file> [CLI]`. */
async function main(): Promise<void> {
  const [folder = '', from = '', to = '', cli = ''] = process.argv.slice(2);
  // Late errors of a failed program belong to the program: the step has ended with its error already.
  process.on('uncaughtException', () => undefined);
  process.on('unhandledRejection', () => undefined);
  const command = cli === '' ? embeddedCommand({ providers: async () => undefined }) : await cliCommand(cli);
  const scenario: Scenario = JSON.parse(readFileSync(from, 'utf8'));
  const outcomes: Outcome[] = [];
  for await (const outcome of drive(openCorpus(folder), scenario, lean(command))) outcomes.push(outcome);
  writeFileSync(to, JSON.stringify(outcomes));
  process.exit(0);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exit(1);
});
