import type { z } from 'zod';
import type { Project } from '../core/project';
import type { Instant } from '../core/time';
import { type Files, filesOnDisk } from './files';
import { type Finding, problemOf, sortProblems } from './finding';
import type { Problem } from './problem';
import { resolve, type Written } from './resolve';
import { cautions, rules } from './rules/all';
import { signalboxWritten } from './schema/signalbox';
import { type StackWritten, stackWritten } from './schema/stack';
import { type TrackWritten, trackWritten } from './schema/track';
import { shape } from './shape';
import type { Tree } from './tree';
import { readWorld, type World } from './world';

/** What the project was read from: for `explain` and for code frames. */
export interface Sources {
  /** By path: every file read. */
  readonly texts: ReadonlyMap<string, string>;
  /** By stack: its file with all imports merged; every value knows its place and what it overrode. */
  readonly stacks: ReadonlyMap<string, Tree>;
}

export type Loaded =
  | {
      readonly ok: true;
      readonly project: Project;
      readonly warnings: readonly Problem[];
      readonly sources: Sources;
    }
  | {
      readonly ok: false;
      /** Every one there is, sorted by file, line and column. */
      readonly problems: readonly Problem[];
      readonly warnings: readonly Problem[];
      readonly sources: Sources;
    };

/**
 * Reads a repository's configuration. Writes nothing, runs nothing of the user's, and never throws for what it reads.
 * @param root the folder with `signalbox.yaml`
 * @param now the real time: pins with a date end by it
 */
export async function loadProject(root: string, now: Instant): Promise<Loaded> {
  return loadFrom(filesOnDisk(root), now);
}

export function loadFrom(files: Files, now: Instant): Loaded {
  const world = readWorld(files, now);
  const { written, findings: misshapen } = readForms(world);
  const found = [
    ...world.findings.map((finding) => problemOf(finding, 'readable')),
    ...misshapen.map((finding) => problemOf(finding, 'schema')),
    ...rules.flatMap((rule) => [...rule(world)].map((finding) => problemOf(finding, rule.name))),
  ];
  const warnings = sortProblems(
    cautions.flatMap((rule) => [...rule(world)].map((finding) => problemOf(finding, rule.name))),
  );
  const sources: Sources = { texts: world.texts, stacks: treesByName(world) };
  if (found.length > 0 || !written) return { ok: false, problems: sortProblems(found), warnings, sources };
  return { ok: true, project: resolve(written), warnings, sources };
}

function treesByName(world: World): ReadonlyMap<string, Tree> {
  const trees = new Map<string, Tree>();
  for (const { name, tree } of world.stacks) if (tree) trees.set(name, tree);
  return trees;
}

/** `written` is there only when every file is there and in shape. */
function readForms(world: World): {
  readonly written: Written | undefined;
  readonly findings: readonly Finding[];
} {
  const findings: Finding[] = [];
  const take = <Schema extends z.ZodType>(schema: Schema, tree: Tree | undefined) => {
    const shaped = tree && shape(schema, tree);
    if (shaped && !shaped.ok) findings.push(...shaped.findings);
    return shaped?.ok ? shaped.value : undefined;
  };
  const signalbox = take(signalboxWritten, world.signalbox);
  const tracks = new Map<string, TrackWritten>();
  for (const { name, tree } of world.tracks.values()) {
    const form = take(trackWritten, tree);
    if (form) tracks.set(name, form);
  }
  const stacks = new Map<string, { readonly form: StackWritten; readonly tree: Tree }>();
  for (const { name, tree } of world.stacks) {
    const form = take(stackWritten, tree);
    if (form && tree) stacks.set(name, { form, tree });
  }
  const isWhole = tracks.size === world.tracks.size && stacks.size === world.stacks.length;
  const { pulumi } = world;
  return { written: signalbox && isWhole ? { signalbox, pulumi, tracks, stacks } : undefined, findings };
}
