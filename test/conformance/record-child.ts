import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCorpus } from './corpus';
import { record } from './record';

/** Records one scenario: `record-child.ts <corpus folder> <scenario> <recordings folder> <CLI>`; says each step's label. */
async function main(): Promise<void> {
  const [folder = '', name = '', out = '', cli = ''] = process.argv.slice(2);
  // Late errors of a failed program belong to the program: the step has ended with its error already.
  process.on('uncaughtException', () => undefined);
  process.on('unhandledRejection', () => undefined);
  const place = join(out, name);
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  for await (const { label, recording } of record(openCorpus(folder, name), name, cli)) {
    writeFileSync(join(place, `${label}.json`), `${JSON.stringify(recording, undefined, 1)}\n`);
    process.stdout.write(`recorded   ${name}/${label}  ${recording.error === undefined ? '' : 'failed'}\n`);
  }
  process.exit(0);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exit(1);
});
