/** Writes the JSON Schemas of the YAML files from their zod forms; `--check` exits 1 where the committed ones are stale. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaTexts } from '../src/config/schema/json';

const folder = join(__dirname, '..', 'schemas');
const isCheck = process.argv.includes('--check');

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

mkdirSync(folder, { recursive: true });
for (const [name, text] of schemaTexts()) {
  const path = join(folder, name);
  if (read(path) === text) continue;
  if (!isCheck) {
    writeFileSync(path, text);
    process.stdout.write(`wrote schemas/${name}\n`);
  } else {
    process.stderr.write(`schemas/${name} is stale: run ts-node scripts/schemas.ts\n`);
    process.exitCode = 1;
  }
}
