import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { list, plural } from '../../report/words';
import { check } from '../../vendor/check';
import { diff } from '../../vendor/diff';
import type { Checked } from '../../vendor/port';
import { type PullWish, pull } from '../../vendor/pull';
import type { Call } from '../commands';
import { EXIT, type ExitCode } from '../exit';
import { readRoot } from '../session';
import { Stop } from '../stop';

/** `vendor pull`: a track's folder follows its source. Rolls nothing out. */
export async function vendorPull(call: Call): Promise<ExitCode> {
  const { out } = call;
  const wish = await wishOf(call);
  const pulled = accept(await pull(wish));
  const { changed, commit, discarded } = pulled;
  if (discarded.length > 0) out.note(`replaced, because they were not as locked: ${list(discarded)}`);
  out.text(
    changed.length === 0
      ? `tracks/${wish.track}: ${discarded.length > 0 ? 'is as pinned again' : 'nothing to pull'}`
      : `tracks/${wish.track}: ${list(changed)} pinned${commit ? ` at ${commit.slice(0, 12)}` : ''}`,
  );
  out.next(changed.length > 0 ? `npm run up -- --track ${wish.track}` : 'npm run status');
  out.result({ command: 'vendor pull', track: wish.track, ...pulled, exitCode: EXIT.done });
  return EXIT.done;
}

/** `vendor check`: every track folder is what its lock and pins say. */
export async function vendorCheck(call: Call): Promise<ExitCode> {
  const root = await readRoot(call);
  const { track } = call.options;
  const problems = check({ root, ...(typeof track === 'string' ? { tracks: [known(root, track)] } : {}) });
  if (problems.length > 0) throw new Stop(EXIT.usage, '', { problems });
  call.out.text('every track folder holds exactly what its pins and lock say');
  call.out.next('npm run status');
  call.out.result({ command: 'vendor check', problems: [], exitCode: EXIT.done });
  return EXIT.done;
}

/** `vendor diff`: what a pull would change. */
export async function vendorDiff(call: Call): Promise<ExitCode> {
  const { out } = call;
  const wish = await wishOf(call);
  const differences = accept(await diff(wish));
  if (differences.length === 0) out.text(`tracks/${wish.track}: a pull would change nothing`);
  for (const one of differences) {
    out.text(
      out.paint.strong(
        `${one.component}: ${one.from?.commit.slice(0, 12) ?? '(none)'} → ${one.to?.commit.slice(0, 12) ?? '(none)'} (${plural(one.files.length, 'file')})`,
      ),
    );
    for (const file of one.files) out.text(file.text);
  }
  out.next(differences.length === 0 ? 'npm run status' : `npm run vendor -- pull --track ${wish.track}`);
  out.result({ command: 'vendor diff', track: wish.track, components: differences, exitCode: EXIT.done });
  return EXIT.done;
}

async function wishOf(call: Call): Promise<PullWish> {
  const root = await readRoot(call);
  const { track, ref, component } = call.options;
  if (typeof track !== 'string')
    throw new Stop(EXIT.usage, '--track is missing', { remedy: `one of: ${trackFolders(root).join(', ')}` });
  return {
    root,
    track: known(root, track),
    ...(typeof ref === 'string' ? { ref } : {}),
    ...(typeof component === 'string' ? { components: component.split(',').map((name) => name.trim()) } : {}),
  };
}

/** Vendoring needs no sound configuration: the tracks are the folders there are. */
const trackFolders = (root: string): readonly string[] =>
  existsSync(join(root, 'tracks'))
    ? readdirSync(join(root, 'tracks'))
        .filter((name) => existsSync(join(root, 'tracks', name, 'track.yaml')))
        .sort()
    : [];

function known(root: string, track: string): string {
  const tracks = trackFolders(root);
  if (tracks.includes(track)) return track;
  throw new Stop(EXIT.notFound, `there is no track "${track}"`, { remedy: `tracks: ${tracks.join(', ')}` });
}

export function accept<T>(checked: Checked<T>): T {
  if (checked.ok) return checked.value;
  throw new Stop(EXIT.usage, '', { problems: checked.problems });
}
