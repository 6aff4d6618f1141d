import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';

const root = join(__dirname, '..', '..');

/** Lints a text as if it lay at a path: in a folder of its own, under the project's rules. */
function lint(path: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'rooms-'));
  try {
    cpSync(join(root, 'biome.json'), join(folder, 'biome.json'));
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    const { stdout, stderr } = spawnSync(join(root, 'node_modules/.bin/biome'), ['lint', path], {
      cwd: folder,
      encoding: 'utf8',
    });
    return stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const BREACHES: readonly (readonly [path: string, text: string, advice: string])[] = [
  [
    'src/core/x.ts',
    "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n",
    'src/core is pure',
  ],
  ['src/core/x.ts', "import { z } from 'zod';\nexport const x = z;\n", 'src/core is pure'],
  [
    'src/core/x.ts',
    "import { sentence } from '../report/words';\nexport const x = sentence;\n",
    'innermost room',
  ],
  ['src/core/x.ts', 'export const x = Date.now();\n', 'Time comes into src/core as an Instant'],
  ['src/core/x.ts', 'export const x = setTimeout;\n', 'never waits'],
  [
    'src/rollout/x.ts',
    "import { openSqliteLedger } from '../ledger/sqlite/ledger';\nexport const x = openSqliteLedger;\n",
    'through ports only',
  ],
  [
    'src/rollout/x.ts',
    "import { automationEngine } from '../engine/automation/engine';\nexport const x = automationEngine;\n",
    'through ports only',
  ],
  ['src/report/x.ts', "import { pull } from '../vendor/pull';\nexport const x = pull;\n", 'knows no adapter'],
  [
    'src/config/x.ts',
    "import * as pulumi from '@pulumi/pulumi';\nexport const x = pulumi;\n",
    'without the SDK',
  ],
  [
    'src/engine/x.ts',
    "import { main } from '../cli/main';\nexport const x = main;\n",
    'rooms never know who calls them',
  ],
];

describe('the rooms', () => {
  for (const [path, text, advice] of BREACHES) {
    it(`refuse ${text.split('\n')[0]} in ${path}, with advice`, () => {
      expect(lint(path, text)).to.contain(advice);
    });
  }

  it('let a file of the core import its neighbour', () => {
    expect(lint('src/core/x.ts', "import { instant } from './time';\n\nexport const x = instant(1);\n"))
      .to.contain('No fixes applied')
      .and.not.contain('error');
  });

  it('keep the core free of promises, randomness and clocks', () => {
    for (const file of globSync('src/core/**/*.ts', { cwd: root })) {
      const code = readFileSync(join(root, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      expect(code, file).not.to.match(/\basync\b|\bawait\b|\bPromise\b|Math\.random|new Date\b/);
    }
  });
});
