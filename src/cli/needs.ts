import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cloudOf } from '../core/project';
import { redact } from '../core/redact';
import { roomOf } from '../core/room';
import { backendOf, openStates } from '../engine/automation/backend';
import { parallelOf } from '../engine/automation/engine';
import { childEnvironment } from '../engine/automation/environment';
import { type FoundCli, findCli } from '../engine/automation/find-cli';
import { Runs } from '../engine/automation/runs';
import { variablesOf } from '../engine/automation/variables';
import { roomText } from '../report/room';
import { list } from '../report/words';
import type { Session } from './session';

/** One thing that must be right. */
export interface Finding {
  readonly what: string;
  readonly isGood: boolean;
  readonly text: string;
  /** What to do where it is not. */
  readonly remedy?: string;
}

/** What running a stack needs: an engine, a state, credentials, its own file. */
export async function stackNeeds(session: Session): Promise<readonly Finding[]> {
  const { kind, command } = session.project.engine;
  const cli = kind === 'pulumi' ? await findCli(command, process.env) : undefined;
  return [
    engine(session, cli),
    ...elsewhere(session),
    ...(await backend(session, cli)),
    operations(session),
    ...environments(session),
    ...stackFiles(session),
    ...passphrase(session),
  ];
}

function engine({ project }: Session, cli: FoundCli | undefined): Finding {
  if (cli === undefined)
    return {
      what: 'engine',
      isGood: true,
      text: `embedded, sandbox cloud at ${project.sandbox.timeScale} × time`,
    };
  return 'missing' in cli
    ? { what: 'engine', isGood: false, text: cli.missing, remedy: cli.remedy }
    : {
        what: 'engine',
        isGood: true,
        text: `pulumi ${cli.version} (${cli.command}), ${cloudOf(project.engine)} cloud`,
      };
}

/** Plain Pulumi and other tools take their backend from a variable, Signalbox from its files: they must not part. */
function elsewhere({ root, project }: Session): readonly Finding[] {
  const variable = process.env['PULUMI_BACKEND_URL'];
  const isKnown = variable === undefined || variable === backendOf(root, project);
  if (isKnown || cloudOf(project.engine) === 'sandbox') return [];
  return [
    {
      what: 'backend',
      isGood: false,
      text: `PULUMI_BACKEND_URL names ${redact(variable)}, which Signalbox does not read`,
      remedy: 'name it in Pulumi.yaml (backend: { url: … }), where both find it, or unset the variable',
    },
  ];
}

/** Whether the backend answers, for one stack of each environment: their credentials differ. */
async function backend({ root, project }: Session, cli: FoundCli | undefined): Promise<readonly Finding[]> {
  const address = backendOf(root, project);
  if (address.startsWith('file://')) {
    const isForgotten = project.engine.backend === undefined && cloudOf(project.engine) === 'real';
    const where = project.engine.backend ?? '.signalbox/state';
    const text = isForgotten ? `${where}, on this machine only: no other one knows what runs` : where;
    const remedy = 'name a backend that all reach in Pulumi.yaml: backend: { url: s3://… }';
    return [{ what: 'backend', isGood: !isForgotten, text, remedy }];
  }
  if (cli === undefined || 'missing' in cli) return [];
  const variables = variablesOf(root, project);
  const runs = new Runs(join(root, '.signalbox', 'runs'));
  const by = { backend: address, runs, environment: childEnvironment(project) };
  const states = openStates({ root, project, cli, variables }, by);
  const asked = new Map(
    Object.entries(project.stacks).map(([stack, { environment }]) => [environment, stack]),
  );
  return Promise.all(
    [...asked].map(async ([environment, stack]): Promise<Finding> => {
      const what = environment === undefined ? 'backend' : `backend for ${environment}`;
      try {
        await states.read(stack);
        return { what, isGood: true, text: redact(address) };
      } catch (error) {
        const remedy = 'its credentials are variables that the environment of the stack must name';
        return { what, isGood: false, text: error instanceof Error ? error.message : String(error), remedy };
      }
    }),
  );
}

function operations({ project }: Session): Finding {
  return { what: 'operations', isGood: true, text: roomText(roomOf(project, parallelOf(project))) };
}

/** Variables that an environment hands on and that are not set here; the sandbox needs none. */
function environments({ project }: Session): readonly Finding[] {
  if (cloudOf(project.engine) === 'sandbox') return [];
  const unset = Object.entries(project.environments).flatMap(([name, { variables }]) =>
    variables.filter((each) => process.env[each] === undefined).map((each) => `${each} of ${name}`),
  );
  if (unset.length === 0) return [];
  return [
    {
      what: 'environments',
      isGood: false,
      text: `not set: ${list(unset, 3)}`,
      remedy: 'set them where Signalbox runs, or leave them out of signalbox.yaml',
    },
  ];
}

function stackFiles({ root, project }: Session): readonly Finding[] {
  const missing = Object.keys(project.stacks).filter(
    (stack) => !existsSync(join(root, '.pulumi-stacks', `Pulumi.${stack}.yaml`)),
  );
  if (missing.length === 0)
    return [
      { what: 'stack files', isGood: true, text: `${Object.keys(project.stacks).length} in .pulumi-stacks` },
    ];
  return [
    {
      what: 'stack files',
      isGood: false,
      text: `missing for ${list(missing)}`,
      remedy:
        'they hold the stack’s salt and secrets: git restore .pulumi-stacks, or make them with pulumi stack init',
    },
  ];
}

/** The sandbox has a passphrase of its own; on a real cloud whoever runs a stack with a salt must give it. */
function passphrase({ root, project }: Session): readonly Finding[] {
  if (cloudOf(project.engine) === 'sandbox') return [];
  const salted = Object.keys(project.stacks).filter((stack) => {
    const file = join(root, '.pulumi-stacks', `Pulumi.${stack}.yaml`);
    return existsSync(file) && /^encryptionsalt:/m.test(readFileSync(file, 'utf8'));
  });
  if (salted.length === 0) return [];
  const given = ['PULUMI_CONFIG_PASSPHRASE', 'PULUMI_CONFIG_PASSPHRASE_FILE'].find(
    (name) => process.env[name] !== undefined,
  );
  return [
    {
      what: 'passphrase',
      isGood: given !== undefined,
      text: given ?? `missing for ${list(salted)}: their secrets are under one`,
      remedy: 'set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE to a file that holds it',
    },
  ];
}
