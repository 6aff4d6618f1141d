import { git, gitFault } from './git';
import { type Pins, trackFolder } from './trackfile';

/** Whether git's history of a track ever held these pins; `unknown` without a repository, or where history is cut off. */
export async function wereCommitted(
  root: string,
  track: string,
  pins: Pins,
): Promise<'yes' | 'no' | 'unknown'> {
  const call = { cwd: root };
  const shallow = await git(['rev-parse', '--is-shallow-repository'], call);
  if (gitFault(shallow) !== undefined || shallow.kind === 'refused') return 'unknown';
  for (const { digest } of Object.values(pins)) {
    // `-S` finds the commits in which the number of occurrences changed: the one that brought the pin is among them.
    const found = await git(
      [
        'log',
        '-1',
        '--no-ext-diff',
        '--no-textconv',
        '--format=%H',
        `-S${digest}`,
        '--',
        `${trackFolder('.', track)}/track.yaml`,
      ],
      call,
    );
    if (gitFault(found) !== undefined || found.kind === 'refused') return 'unknown';
    if (found.stdout.length === 0)
      return shallow.stdout.toString('utf8').trim() === 'true' ? 'unknown' : 'no';
  }
  return 'yes';
}
