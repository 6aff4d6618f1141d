import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Signalbox's own version, from its package.json beside `src` or `dist`. */
export function version(): string {
  const text = readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
