import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Files } from '../../src/config/files';
import { decode } from '../../src/config/files';
import type { Loaded } from '../../src/config/load';
import { loadProject } from '../../src/config/load';
import type { Problem } from '../../src/config/problem';
import type { Project } from '../../src/core/project';
import { instant } from '../../src/core/time';

/** Path → content. */
export type Written = Readonly<Record<string, string | Uint8Array>>;

export const now = instant(Date.parse('2026-06-15T12:00:00Z'));

export const commit = '9f3c'.padEnd(40, '0');
export const digest = `sha256:${'ab'.padEnd(64, '0')}`;
const pin = `{ commit: "${commit}", digest: "${digest}" }`;

/** A small repository without any problem. */
export const sound: Written = {
  'signalbox.yaml': `project: shop
engine: embedded
sandbox: { timeScale: 3600 }
channels:
  - { name: test, waves: [1, 100%], soak: 30m }
  - { name: production, waves: [1, 50%, 100%], soak: 2h }
environments:
  aws-test: { profile: shop-test, region: eu-west-1, variables: [AWS_TOKEN] }
`,
  'tracks/alpha/track.yaml': `track: alpha
trunk: { source: ., path: components }
components:
  network: ${pin}
  web: ${pin}
`,
  'tracks/beta/track.yaml': `track: beta
upstream: alpha
components:
  network: ${pin}
  web: ${pin}
`,
  'tracks/beta/web/schema.json': JSON.stringify({
    inputs: {
      type: 'object',
      properties: {
        replicas: { type: 'integer', minimum: 1, maximum: 20, default: 2 },
        host: { type: 'string', pattern: '^[a-z.]+$', description: 'Host name, lower case.' },
        size: { type: 'string', enum: ['small', 'large'] },
        vpc: { type: 'string' },
        ports: { type: 'array', items: { type: 'integer' }, maxItems: 2 },
        cidr: { type: 'string', format: 'cidrv4', pattern: '^[0-9.]+/[0-9]+$' },
      },
      required: ['host'],
      additionalProperties: false,
    },
    outputs: { type: 'object', properties: { url: { type: 'string' }, readyReplicas: { type: 'integer' } } },
  }),
  'stacks/_shared/eu.yaml': `labels: { region: eu-west-1, team: shop }
components:
  web:
    inputs: { replicas: 2, host: a.example }
`,
  'stacks/test/test-eu1.yaml': `import: [../_shared/eu.yaml]
channel: test
track: beta
environment: aws-test
components:
  network:
    inputs: { cidr: 10.0.0.0/16 }
  web:
    inputs: { vpc: { from: network.vpcId }, replicas: 3 }
outputs: { url: { from: web.url } }
checks:
  - { name: answers, http: { url: { output: url }, path: /healthz } }
`,
  'stacks/production/shop-eu1.yaml': `import: [../_shared/eu.yaml]
channel: production
track: beta
dependsOn: [test-eu1]
components:
  web:
    inputs: { vpc: { fromStack: test-eu1, output: url } }
`,
};

/** Writes the files into a folder of its own, and removes it after `use`. */
export async function inRepository<Result>(
  files: Written,
  use: (root: string) => Result | Promise<Result>,
): Promise<Result> {
  const root = mkdtempSync(join(tmpdir(), 'signalbox-config-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(root, dirname(path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    return await use(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

export const load = (changes: Written = {}): Promise<Loaded> =>
  inRepository({ ...sound, ...changes }, (root) => loadProject(root, now));

/** The project of a repository that is expected to have no problem. */
export async function project(changes: Written = {}): Promise<Project> {
  const loaded = await load(changes);
  if (!loaded.ok) throw new Error(loaded.problems.map(line).join('\n'));
  return loaded.project;
}

/** `file:line:col message (remedy)`, the way the table of broken configurations has it. */
export function line(problem: Problem): string {
  const remedy = problem.remedy === undefined ? '' : ` (${problem.remedy})`;
  return `${problem.file}:${problem.line}:${problem.column} ${problem.message}${remedy}`;
}

/** The same files without a disk, for tests that load thousands of repositories. */
export function filesInMemory(written: Written): Files {
  const paths = Object.keys(written);
  return {
    read(path) {
      const content = Object.hasOwn(written, path) ? written[path] : undefined;
      if (content === undefined) return { kind: 'missing' };
      return typeof content === 'string' ? { kind: 'text', text: content } : decode(content);
    },
    list(folder) {
      const children = new Map<string, 'file' | 'folder'>();
      for (const path of paths.filter((each) => each.startsWith(`${folder}/`))) {
        const [name = '', ...rest] = path.slice(folder.length + 1).split('/');
        children.set(name, rest.length > 0 ? 'folder' : 'file');
      }
      const sorted = [...children].sort(([a], [b]) => (a < b ? -1 : 1));
      return { children: sorted.map(([name, kind]) => ({ name, kind })) };
    },
  };
}

/** Replaces one piece of a sound file; throws where the piece is not there, so that no case tests nothing. */
export function edit(path: string, piece: string, replacement: string): Written {
  const text = sound[path];
  if (typeof text !== 'string' || !text.includes(piece)) throw new Error(`${path} holds no ${piece}`);
  return { [path]: text.replace(piece, () => replacement) };
}
