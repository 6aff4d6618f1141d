import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string | undefined;

/** Every test's temporary folders lie in one, in every worker process too; it goes when the run is over. */
export function mochaGlobalSetup(): void {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-test-'));
  process.env['TMPDIR'] = folder;
}

export function mochaGlobalTeardown(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
