import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cloudOf, type Environment, type Project } from '../../core/project';

export type Variables = Readonly<Record<string, string>>;

/** By name of an environment block: the variables that a stack's child gets for it, besides those that all get. */
export type VariablesOf = (environment: string | undefined) => Variables;

/**
 * What the environment blocks of a project stand for, values taken from the driver's `own` variables. AWS SDKs and providers
 * find a role in a file only, so each block with one gets its own in `.signalbox/aws`: the user's own AWS configuration
 * and a profile more. A web identity names its role in a variable.
 */
export function variablesOf(
  root: string,
  project: Project,
  own: NodeJS.ProcessEnv = process.env,
): VariablesOf {
  const known = new Map<string, Variables>();
  return (name) => {
    const block = name === undefined ? undefined : project.environments[name];
    if (name === undefined || !block) return {};
    const made = known.get(name);
    if (made) return made;
    const variables = ofBlock(block, own);
    const isAssumed = block.role !== undefined && !('AWS_WEB_IDENTITY_TOKEN_FILE' in variables);
    const isInFile = isAssumed && cloudOf(project.engine) === 'real';
    const all = isInFile ? { ...variables, ...inFile(root, { name, block, variables, own }) } : variables;
    known.set(name, all);
    return all;
  };
}

function ofBlock(block: Environment, own: NodeJS.ProcessEnv): Variables {
  const passed = block.variables.flatMap((variable) => {
    const value = own[variable];
    return value === undefined ? [] : [[variable, value] as const];
  });
  return {
    ...Object.fromEntries(passed),
    ...(block.profile === undefined ? {} : { AWS_PROFILE: block.profile }),
    ...(block.region === undefined ? {} : { AWS_REGION: block.region }),
    ...(block.role === undefined ? {} : { AWS_ROLE_ARN: arnOf(block), AWS_ROLE_SESSION_NAME: 'signalbox' }),
  };
}

const arnOf = ({ role = '', account = '' }: Environment): string =>
  role.startsWith('arn:') ? role : `arn:aws:iam::${account}:role/${role}`;

function inFile(
  root: string,
  of: { name: string; block: Environment; variables: Variables; own: NodeJS.ProcessEnv },
): Variables {
  const { name, block, variables, own } = of;
  const folder = join(root, '.signalbox', 'aws');
  const [file, profile] = [join(folder, `${name}.config`), `signalbox-${name}`];
  const lines = [
    `[profile ${profile}]`,
    `role_arn = ${arnOf(block)}`,
    'role_session_name = signalbox',
    ...(block.profile === undefined ? [] : [`source_profile = ${block.profile}`]),
    ...(block.region === undefined ? [] : [`region = ${block.region}`]),
  ];
  const users = textOf(variables['AWS_CONFIG_FILE'] ?? join(own['HOME'] ?? '', '.aws', 'config'));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Another command may be reading it at this moment. What the user's own file holds may be keys.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${users}\n${lines.join('\n')}\n`, { mode: 0o600 });
  renameSync(draft, file);
  return { AWS_CONFIG_FILE: file, AWS_PROFILE: profile };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

/** Gives this process the variables until the returned function is called; a program may have changed any of them by then. */
export function lend(variables: Variables): () => void {
  const environment = process.env;
  const before = { ...environment };
  Object.assign(environment, variables);
  return () => {
    process.env = environment;
    for (const name of Object.keys(environment)) if (!(name in before)) delete environment[name];
    for (const [name, value] of Object.entries(before))
      if (environment[name] !== value) environment[name] = value;
  };
}
