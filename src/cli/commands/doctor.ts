import { spawnSync } from 'node:child_process';
import { LedgerFailure } from '../../ledger/port';
import { verifyLedger } from '../../ledger/verify';
import { removedText } from '../../report/status';
import { list } from '../../report/words';
import { readFleet } from '../../rollout/journal';
import { check } from '../../vendor/check';
import type { Call } from '../commands';
import { EXIT, type ExitCode } from '../exit';
import { type Finding, stackNeeds } from '../needs';
import { packageVersions } from '../packages';
import { removedStacks } from '../removed';
import { type Session, withSession } from '../session';
import { version } from '../version';

/** `doctor`: one line a thing that must be right, and what to do where it is not. */
export const doctor = (call: Call): Promise<ExitCode> =>
  withSession(call, async (session) => {
    const { out } = call;
    const book = await ledger(session);
    const findings = [
      ...machine(),
      packages(session),
      ...(await stackNeeds(session)),
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
