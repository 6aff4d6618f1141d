import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cloudOf } from '../../core/project';
import { redact } from '../../core/redact';
import { roomOf } from '../../core/room';
import { backendOf, openStates } from '../../engine/automation/backend';
import { parallelOf } from '../../engine/automation/engine';
import { childEnvironment } from '../../engine/automation/environment';
import { findCli } from '../../engine/automation/find-cli';
import { Runs } from '../../engine/automation/runs';
import { variablesOf } from '../../engine/automation/variables';
import { LedgerFailure } from '../../ledger/port';
import { verifyLedger } from '../../ledger/verify';
import { roomText } from '../../report/room';
import { removedText } from '../../report/status';
import { list } from '../../report/words';
import { readFleet } from '../../rollout/journal';
import { check } from '../../vendor/check';
import type { Call } from '../commands';
import { EXIT, type ExitCode } from '../exit';
import { packageVersions } from '../packages';
import { removedStacks } from '../removed';
import { type Session, withSession } from '../session';
import { version } from '../version';

interface Finding {
  readonly what: string;
  readonly isGood: boolean;
  readonly text: string;
  readonly remedy?: string;
}

/** `doctor`: one line a thing that must be right, and what to do where it is not. */
export const doctor = (call: Call): Promise<ExitCode> =>
  withSession(call, async (session) => {
    const { out } = call;
    const book = await ledger(session);
    const findings = [
      ...machine(),
      packages(session),
      engine(session),
      ...(await backend(session)),
      operations(session),
      ...environments(session),
      ...stackFiles(session),
      ...passphrase(session),
      tracks(session),
      ...(book.isGood ? await removed(session) : []),
      book,
    ];
    for (const { what, isGood, text, remedy } of findings) {
      out.text(
        `${isGood ? out.paint.good('✔') : out.paint.bad('✖')} ${what}: ${text}${remedy === undefined || isGood ? '' : `\n    ${remedy}`}`,
      );
    }
    const code = findings.every(({ isGood }) => isGood) ? EXIT.done : EXIT.failed;
    out.next(code === EXIT.done ? 'npm run status' : 'npm run doctor, once what is marked ✖ is mended');
    out.result({ command: 'doctor', findings, exitCode: code });
    return code;
  });

function machine(): readonly Finding[] {
  const git = spawnSync('git', ['--version'], { encoding: 'utf8', timeout: 10_000 });
  return [
    { what: 'signalbox', isGood: true, text: `${version()} on Node ${process.versions.node}` },
    {
      what: 'git',
      isGood: true,
      text: git.status === 0 ? git.stdout.trim() : 'not found: only vendoring from trunk needs it',
    },
  ];
}

function packages({ root }: Session): Finding {
  const versions = Object.entries(packageVersions(root));
  const text = versions.map(([name, number]) => `${name} ${number}`).join(', ');
  return {
    what: 'packages',
    isGood: versions.some(([name]) => name === '@pulumi/pulumi'),
    text: text === '' ? 'no @pulumi packages installed' : text,
    remedy: 'npm ci',
  };
}

function engine({ project }: Session): Finding {
  if (project.engine.kind === 'embedded')
    return {
      what: 'engine',
      isGood: true,
      text: `embedded, sandbox cloud at ${project.sandbox.timeScale} × time`,
    };
  const cli = findCli(project.engine.command, process.env);
  return 'missing' in cli
    ? { what: 'engine', isGood: false, text: cli.missing, remedy: cli.remedy }
    : {
        what: 'engine',
        isGood: true,
        text: `pulumi ${cli.version} (${cli.command}), ${cloudOf(project.engine)} cloud`,
      };
}

/** Whether the backend answers, for one stack of each environment: their credentials differ. */
async function backend({ root, project }: Session): Promise<readonly Finding[]> {
  const address = backendOf(root, project);
  if (address.startsWith('file://')) return [];
  const cli = findCli(project.engine.command, process.env);
  if ('missing' in cli) return [];
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

/** Nobody looks after what runs there any more: no rollout reaches it. */
async function removed(session: Session): Promise<readonly Finding[]> {
  const names = removedStacks(session, await readFleet(session.ledger));
  return names.map((name) => ({
    what: 'stack without a file',
    isGood: false,
    text: `${name} still runs`,
    remedy: removedText(name),
  }));
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

function tracks({ root }: Session): Finding {
  const problems = check({ root });
  return {
    what: 'tracks',
    isGood: problems.length === 0,
    text:
      problems.length === 0
        ? 'every folder is what its pins and lock say'
        : list(
            problems.map(({ file, message }) => `${file ?? ''} ${message}`),
            3,
          ),
    remedy: 'npm run vendor -- check',
  };
}

async function ledger(session: Session): Promise<Finding> {
  const what = 'ledger';
  const remedy = 'restore .signalbox/ledger.db from a backup';
  try {
    const verified = await verifyLedger(session.ledger);
    const broken = verified.flatMap((one) =>
      one.isIntact
        ? []
        : [`.signalbox/ledger.db: ${one.track} is damaged at entry ${one.seq}: ${one.reason}`],
    );
    if (broken.length > 0) return { what, isGood: false, text: broken.join('; '), remedy };
    const sound = `${list(verified.map(({ track }) => track))}: the chain holds`;
    return { what, isGood: true, text: verified.length === 0 ? 'empty' : sound };
  } catch (error) {
    if (!(error instanceof LedgerFailure)) throw error;
    return { what, isGood: false, text: error.message, remedy: error.remedy };
  }
}
