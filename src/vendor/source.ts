import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { redact } from '../core/redact';
import { bad, good } from './checked';
import { git, gitFault } from './git';
import { shown } from './names';
import type { Checked } from './port';

/** A git repository to read from: this one, or one that is fetched into a bare cache. */
export type Source =
  | { readonly kind: 'here'; readonly title: string }
  | { readonly kind: 'fetched'; readonly url: string; readonly title: string };

/** What a name meant when it was looked up. `moves`: a branch or HEAD; a tag or a commit stays. */
export interface Resolved {
  readonly commit: string;
  readonly ref: string;
  readonly moves: boolean;
}

/** An opened repository. All questions name objects by their 40 hex digits. */
export interface Repository {
  readonly title: string;
  readonly cwd: string;
  readonly gitDir?: string;
  /** Where the project's root lies in it, '' or ending in `/`. */
  readonly prefix: string;
}

/** Reads a `source` as written: `.`, a path, or a file, https or ssh URL. Everything else is refused by name. */
export function parseSource(source: string, root: string): Checked<Source> {
  const title = redact(shown(source));
  const refuse = (why: string) =>
    bad({
      message: `source "${title}" ${why}`,
      rule: 'vendor-source',
      remedy: 'use ".", a path, or a file, https or ssh URL',
    });
  if (/\s/.test(source) || shown(source).includes('\ufffd') || source === '')
    return refuse('has blanks or control characters');
  if (source.startsWith('-')) return refuse('looks like an option');
  if (source === '.') return good({ kind: 'here', title: 'this repository' });
  if (/^\.{1,2}\//.test(source) || source === '..' || source.startsWith('/'))
    return good({ kind: 'fetched', url: pathToFileURL(resolve(root, source)).href, title });
  if (/^[a-z0-9+.-]+::/i.test(source)) return refuse('runs a transport helper');
  const scp = /^([A-Za-z0-9_][\w.-]*)@([A-Za-z0-9][\w.-]*):(?!\/\/)([\w~./][\w~./-]*)$/.exec(source);
  if (scp) return good({ kind: 'fetched', url: source, title });
  if (!URL.canParse(source)) return refuse('is neither a path nor a URL');
  const url = new URL(source);
  switch (url.protocol) {
    case 'file:':
      return url.host === '' ? good({ kind: 'fetched', url: url.href, title }) : refuse('names a host');
    case 'https:':
      if (url.username !== '' || url.password !== '')
        return refuse("holds credentials: leave them to git's credential helper");
      break;
    case 'ssh:':
      if (url.password !== '') return refuse('holds credentials: use a key');
      if (url.username.startsWith('-') || url.username.startsWith('%')) return refuse('looks like an option');
      break;
    default:
      return refuse(`uses the protocol ${url.protocol.slice(0, -1)}`);
  }
  if (!/^[A-Za-z0-9[]/.test(url.hostname)) return refuse('looks like an option');
  return good({ kind: 'fetched', url: source, title });
}

/** A branch, tag, full ref or commit, perhaps with `~2` behind; nothing that git would read as anything else. */
export function isRef(ref: string): boolean {
  return (
    /^[A-Za-z0-9][A-Za-z0-9._/+-]*(?:~\d{1,4}|\^)*$/.test(ref) && !/\.\.|\/\/|\.lock(?:\/|$)|\/$/.test(ref)
  );
}

export const isCommit = (text: string): boolean => /^[0-9a-f]{40}$/.test(text);

/** Opens the source and finds the one commit `ref` means now. Talks to the network only for https and ssh. */
export async function openSource(
  root: string,
  source: Source,
  ref: string,
): Promise<Checked<{ readonly repository: Repository; readonly resolved: Resolved }>> {
  if (!isRef(ref)) return bad({ message: `"${shown(ref)}" is not a ref`, rule: 'vendor-ref' });
  return source.kind === 'here' ? openHere(root, source.title, ref) : openFetched(root, source, ref);
}

async function openHere(root: string, title: string, ref: string) {
  const place = await git(['rev-parse', '--show-prefix'], { cwd: root });
  const fault = gitFault(place);
  if (fault !== undefined || place.kind === 'refused')
    return bad({
      message: `this is not a git repository, so there is no trunk to read (${fault})`,
      rule: 'vendor-source',
      remedy: 'the first track is pulled from git; all other tracks need none',
    });
  const repository: Repository = { title, cwd: root, prefix: place.stdout.toString('utf8').trim() };
  const candidates =
    /[~^]/.test(ref) || ref === 'HEAD' || isCommit(ref)
      ? [ref]
      : [`refs/tags/${ref}`, `refs/heads/${ref}`, `refs/remotes/${ref}`, ref];
  const found: Resolved[] = [];
  for (const name of candidates) {
    const answer = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`], {
      cwd: root,
    });
    if (answer.kind === 'refused') return bad({ message: answer.reason, rule: 'vendor-git' });
    const commit = answer.stdout.toString('utf8').trim();
    if (answer.code === 0 && isCommit(commit))
      found.push({ commit, ref, moves: !name.startsWith('refs/tags/') && !commit.startsWith(name) });
  }
  return choose(found, ref, title, repository);
}

function choose(found: readonly Resolved[], ref: string, title: string, repository: Repository) {
  const [first] = found;
  if (!first)
    return bad({
      message: `ref "${shown(ref)}" does not exist in ${title}`,
      rule: 'vendor-ref',
      remedy: 'name a branch, a tag or a commit with its 40 digits',
    });
  const other = found.find((resolved) => resolved.commit !== first.commit);
  if (other)
    return bad({
      message: `ref "${ref}" is ambiguous: ${first.commit} and ${other.commit}`,
      rule: 'vendor-ref',
      remedy: `name it in full: refs/tags/${ref} or refs/heads/${ref}`,
    });
  return good({ repository, resolved: first });
}

async function openFetched(root: string, source: Source & { kind: 'fetched' }, ref: string) {
  const failed = (what: string, fault: string) =>
    bad({ message: `${what} ${source.title}: ${fault}`, rule: 'vendor-git' });
  const name = createHash('sha256').update(source.url).digest('hex').slice(0, 32);
  const gitDir = join(root, '.signalbox', 'git', name);
  const call = { cwd: root, gitDir };
  if (!existsSync(join(gitDir, 'HEAD'))) {
    mkdirSync(gitDir, { recursive: true });
    const made = gitFault(await git(['init', '--quiet', '--bare', '--template=', gitDir], { cwd: root }));
    if (made !== undefined) return failed('no cache for', made);
  }
  const repository: Repository = { title: source.title, ...call, prefix: '' };

  if (isCommit(ref)) {
    const fault = await fetchCommit(call, source.url, ref);
    return fault === undefined
      ? good({ repository, resolved: { commit: ref, ref, moves: false } })
      : failed(`no commit ${ref} in`, fault);
  }
  const listed = await git(['ls-remote', '--end-of-options', source.url], { ...call, timeout: 120_000 });
  const fault = gitFault(listed);
  if (fault !== undefined || listed.kind === 'refused') return failed('cannot read', fault ?? '');
  const refs = new Map(
    listed.stdout
      .toString('utf8')
      .split('\n')
      .map((line): [string, string] => {
        const [commit = '', name = ''] = line.split('\t');
        return [name, commit];
      }),
  );
  const candidates =
    ref === 'HEAD' || ref.startsWith('refs/') ? [ref] : [`refs/tags/${ref}`, `refs/heads/${ref}`];
  const found = candidates.flatMap((name): Resolved[] => {
    const commit = refs.get(`${name}^{}`) ?? refs.get(name);
    return commit !== undefined && isCommit(commit)
      ? [{ commit, ref, moves: !name.startsWith('refs/tags/') }]
      : [];
  });
  const chosen = choose(found, ref, source.title, repository);
  if (!chosen.ok) return chosen;
  const missing = await fetchCommit(call, source.url, chosen.value.resolved.commit);
  return missing === undefined ? chosen : failed(`cannot fetch ${ref} from`, missing);
}

/** Brings one commit into the cache, by its exact id, or with everything where the server gives out tips only. */
async function fetchCommit(
  call: { cwd: string; gitDir: string },
  url: string,
  commit: string,
): Promise<string | undefined> {
  const isThere = async () =>
    gitFault(
      await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{tree}`], call),
    ) === undefined;
  if (await isThere()) return undefined;
  const options = [
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-recurse-submodules',
    '--no-write-fetch-head',
    '--no-auto-gc',
  ];
  const timeout = 300_000;
  const exact = await git([...options, '--depth=1', '--end-of-options', url, commit], { ...call, timeout });
  if (gitFault(exact) === undefined && (await isThere())) return undefined;
  const all = await git([...options, '--end-of-options', url, '+refs/*:refs/cache/*'], { ...call, timeout });
  const fault = gitFault(all);
  if (fault !== undefined) return fault;
  return (await isThere()) ? undefined : 'it does not exist there';
}
