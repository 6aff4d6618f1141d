import type { Problem } from '../config/problem';
import type { Pin, Track } from '../core/project';
import { bad, every, good } from './checked';
import { closedProblems } from './closed';
import { describe, SCHEMA_FILE } from './describe';
import { type Files, treeDigest } from './digest';
import { isName, pathFault, shown } from './names';
import type { Checked } from './port';
import { openSource, parseSource, type Repository, type Resolved } from './source';
import { listComponents, readTree } from './tree';

export type Trunk = NonNullable<Track['trunk']>;

/** A component as the trunk has it at one commit, with its generated schema. */
export interface Taken {
  readonly component: string;
  readonly pin: Pin;
  readonly files: Files;
}

/** Content that is already vendored under a component's name: where the trunk's is the same, its schema and pin are kept. */
export type Known = (component: string) => { readonly pin: Pin; readonly files: Files } | undefined;

/**
 * Reads components from the trunk at ONE commit: all of them, or those named. Problems: a source, ref or path that is
 * refused; content that is refused; imports that leave a component; schemas that cannot be read.
 */
export async function readTrunk(wish: {
  readonly root: string;
  readonly trunk: Trunk;
  readonly ref: string;
  readonly components?: readonly string[];
  readonly known: Known;
}): Promise<Checked<{ readonly resolved: Resolved; readonly taken: readonly Taken[] }>> {
  const { root, trunk } = wish;
  const opened = await openTrunk(root, trunk, wish.ref);
  if (!opened.ok) return opened;
  const { repository, resolved } = opened.value;
  const at = { commit: resolved.commit, path: trunk.path };
  const listed = await listComponents(repository, at);
  if (!listed.ok) return listed;
  const unknown = (wish.components ?? []).filter((name) => !listed.value.includes(name));
  if (unknown.length > 0)
    return bad(
      ...unknown.map((name) => ({
        message: `"${shown(name)}" is not a component in ${trunk.path} at ${resolved.commit.slice(0, 12)}`,
        remedy: `it has: ${listed.value.join(', ')}`,
        rule: 'vendor-trunk',
      })),
    );

  const parts: Checked<Taken | undefined>[] = [];
  const names = [...(wish.components ?? listed.value)];
  const isNamed = wish.components !== undefined;
  // Two at a time: each may start a child that imports a cloud SDK.
  const work = async () => {
    for (let name = names.shift(); name !== undefined; name = names.shift())
      parts.push(await take(root, repository, at, { name, isNamed, known: wish.known }));
  };
  await Promise.all([work(), work()]);
  const all = every(parts);
  if (!all.ok) return bad(...sorted(all.problems));
  const taken = all.value.flatMap((part) => (part === undefined ? [] : [part]));
  return good({ resolved, taken: taken.sort((a, b) => (a.component < b.component ? -1 : 1)) });
}

/** Reads one component at the commit of its pin; a problem where that no longer gives the pinned content. */
export async function readPinned(
  root: string,
  trunk: Trunk,
  wanted: { readonly component: string; readonly pin: Pin },
): Promise<Checked<Files>> {
  const { component, pin } = wanted;
  const read = await readTrunk({
    root,
    trunk,
    ref: pin.commit,
    components: [component],
    known: () => undefined,
  });
  if (!read.ok) return read;
  const files = read.value.taken[0]?.files ?? new Map();
  if (treeDigest(files) === pin.digest) return good(files);
  return bad({
    message: `${component} at ${pin.commit} has digest ${treeDigest(files)}, not the pinned ${pin.digest}`,
    rule: 'vendor-trunk',
  });
}

async function openTrunk(root: string, trunk: Trunk, ref: string) {
  const source = parseSource(trunk.source, root);
  if (!source.ok) return source;
  const fault = trunk.path === '.' ? undefined : pathFault(trunk.path);
  if (fault !== undefined)
    return bad({ message: `trunk path "${shown(trunk.path)}" ${fault}`, rule: 'vendor-source' });
  return openSource(root, source.value, ref);
}

async function take(
  root: string,
  repository: Repository,
  at: { readonly commit: string; readonly path: string },
  wanted: { readonly name: string; readonly isNamed: boolean; readonly known: Known },
): Promise<Checked<Taken | undefined>> {
  const { name } = wanted;
  const label = at.path === '.' ? name : `${at.path}/${name}`;
  const read = await readTree(repository, { commit: at.commit, path: label });
  if (!read.ok) return read;
  const files = read.value;
  const known = wanted.known(name);
  if (!isName(name) || !['index.ts', 'index.tsx', 'index.js'].some((entry) => files.has(entry))) {
    if (!wanted.isNamed && !known) return good(undefined);
    return bad({ file: label, message: 'has no index.ts', rule: 'vendor-trunk' });
  }
  if (known && treeDigest(withoutSchema(known.files)) === treeDigest(files))
    return good({ component: name, pin: known.pin, files: known.files });
  const problems = await closedProblems(files, { label, root });
  if (problems.length > 0) return bad(...problems);
  const schema = await describe(root, { files, label });
  if (!schema.ok) return schema;
  const complete = new Map(files).set(SCHEMA_FILE, { content: Buffer.from(schema.value), executable: false });
  return good({ component: name, pin: { commit: at.commit, digest: treeDigest(complete) }, files: complete });
}

function withoutSchema(files: Files): Files {
  const rest = new Map(files);
  rest.delete(SCHEMA_FILE);
  return rest;
}

const sorted = (problems: readonly Problem[]): readonly Problem[] =>
  [...problems].sort((a, b) => (a.file ?? '').localeCompare(b.file ?? '') || (a.line ?? 0) - (b.line ?? 0));
