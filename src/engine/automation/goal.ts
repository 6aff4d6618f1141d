import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { canonical } from '../../core/digest';
import { cloudOf, type Project } from '../../core/project';
import { backendOf as folderOf, type StackPaths, stackPaths } from '../embedded/state/backend';
import { readProjectFile } from '../embedded/state/project-file';
import type { Operation, Update } from '../port';
import { isSettled } from '../sandbox/functions/settled';
import { backendOf } from './backend';
import { stacksReferred } from './referred';

/** All that a stack's program is known to depend on, as digests; the parts are apart so that one can be named. */
export interface Goal {
  /** Content of its components, inputs, providers, outputs, the environment's variables. */
  readonly program: string;
  /** `Pulumi.yaml` and the stack's own file, secrets as they are encrypted. */
  readonly config: string;
  /** Node, Signalbox, the engine, the SDK, the provider packages, the lock file of all packages. */
  readonly versions: string;
  /** Outputs of the stacks it reads. */
  readonly references: string;
  /** Every byte of its state. */
  readonly state: string;
}

/** Where the parts of goals come from. */
export interface GoalSource {
  goalOf(operation: Operation): Promise<Goal>;
  /** Why an update proves nothing about the next preview; undefined where it does. */
  objection(operation: Operation, update: Update): string | undefined;
}

const STACK_REFERENCE = 'pulumi:pulumi:StackReference';

interface KeptResource {
  readonly type: string;
  readonly urn: string;
  readonly external?: boolean;
  readonly inputs?: { readonly name?: unknown };
  readonly outputs?: unknown;
}

/** The goals of a repository whose state lies in files; undefined where it does not, since looking there costs a process. */
export function goalSource(
  root: string,
  project: Project,
  engine: string,
  packages: readonly string[] = versionsOf(root),
): GoalSource | undefined {
  const url = backendOf(root, project);
  if (!url.startsWith('file://')) return undefined;
  const backend = folderOf({ PULUMI_BACKEND_URL: url }, root);
  const paths = (stack: string): StackPaths => stackPaths(backend, stack, project.name);
  const versions = digest(canonical([engine, project.sandbox.seed, ...packages]));
  // On a real cloud no answer is known to be the same next time.
  const isKnown = (token: string): boolean => cloudOf(project.engine) === 'sandbox' && isSettled(token);
  /** Names of the stacks whose outputs the state says were read, in whatever way the program came to it. */
  const referred = (operation: Operation, resources: readonly KeptResource[]): string[] => [
    ...new Set([
      ...stacksReferred(operation),
      ...resources.flatMap(({ type, inputs }) => (type === STACK_REFERENCE ? [String(inputs?.name)] : [])),
    ]),
  ];
  return {
    async goalOf(operation) {
      const { components, providers, outputs, variables, stack } = operation;
      const state = textOf(paths(stack).checkpoint);
      const others = referred(operation, state.includes(STACK_REFERENCE) ? resourcesOf(state) : []);
      const known = others.sort().map((other) => [other, outputsOf(textOf(paths(other).checkpoint))]);
      return {
        program: digest(canonical([operation.project, stack, components, providers, outputs, variables])),
        config: digest(await configOf(root, stack)),
        versions,
        references: digest(JSON.stringify(known)),
        state: digest(state),
      };
    },
    objection({ stack }, { invoked = [], diagnostics }) {
      const asked = invoked.find((token) => !isKnown(token));
      if (asked !== undefined) return `it calls ${asked}, whose answer may be another one next time`;
      if (diagnostics.some(({ severity }) => severity !== 'info')) return 'it warned of something';
      const read = resourcesOf(textOf(paths(stack).checkpoint)).find(
        ({ external, type }) => external === true && type !== STACK_REFERENCE,
      );
      return read && `it reads ${read.urn}, which may change behind its back`;
    },
  };
}

const withoutSalt = (text: string): string => text.replace(/^encryptionsalt:.*\n?/m, '');

/** Node, Signalbox, the SDK, the provider packages, the lock file of all packages, as they say it themselves. */
export function versionsOf(root: string): string[] {
  const folder = join(root, 'node_modules', '@pulumi');
  const packages = existsSync(folder) ? readdirSync(folder).sort() : [];
  return [
    process.version,
    textOf(join(__dirname, '..', '..', '..', 'package.json')),
    ...packages.map((name) => textOf(join(folder, name, 'package.json'))),
    textOf(join(root, 'package-lock.json')),
  ];
}

/** `Pulumi.yaml` and the stack's own file but for its salt, which the first look may bring. */
export async function configOf(root: string, stack: string): Promise<string> {
  const project = await readProjectFile(root);
  const base = resolve(root, project?.stackConfigDir ?? '.');
  const files = ['yaml', 'yml', 'json'].map((extension) => join(base, `Pulumi.${stack}.${extension}`));
  return JSON.stringify([
    textOf(join(root, 'Pulumi.yaml')),
    ...files.map((file) => withoutSalt(textOf(file))),
  ]);
}

/** Resources as the state file has them, secrets encrypted. */
function resourcesOf(text: string): readonly KeptResource[] {
  if (text === '') return [];
  const { checkpoint } = JSON.parse(text) as {
    checkpoint: { latest?: { resources?: readonly KeptResource[] } | null };
  };
  return checkpoint.latest?.resources ?? [];
}

const outputsOf = (text: string): unknown =>
  resourcesOf(text).find(({ type }) => type === 'pulumi:pulumi:Stack')?.outputs;

/** Empty where there is no such file. */
function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
