import type { Draft } from './draft';
import { deletion, detailsOf } from './draft';
import { check, tellFailures } from './examine';
import type { Generator } from './generate';
import type { ProviderDiff } from './provider';
import { dependentReplacements, type Replacement } from './replacement';
import type { ResourceState } from './resource';
import { Bail, ensureProvider } from './run';
import type { Step } from './step';

export function recreate(generator: Generator, { urn, fresh, answer }: Draft, old: ResourceState): Step[] {
  generator.run.deletes.delete(urn);
  generator.run.deletes.delete(old.urn);
  generator.replaced.add(urn);
  const keys = generator.dependentKeys.get(old.urn) ?? [];
  return [
    { op: 'replace', old, new: fresh },
    { op: 'create-replacement', old, new: fresh, keys, answer },
  ];
}

export async function replace(
  generator: Generator,
  draft: Draft,
  old: ResourceState,
  diff: ProviderDiff,
): Promise<Step[]> {
  const { goal, urn, fresh, answer } = draft;
  refuseReplace(generator, draft, old, diff);
  generator.replaced.add(urn);
  if (goal.custom && !generator.isReplaceTarget(urn, old)) {
    const checked = await check(generator, draft, {}, goal.inputs);
    if (tellFailures(generator, draft, checked)) throw new Bail(`resource ${urn} has check errors`);
    fresh.inputs = checked.inputs;
  }
  const details = { keys: diff.replaces, ...detailsOf(diff) };
  if (!(goal.deleteBeforeReplace ?? diff.deleteBeforeReplace)) {
    return [
      { op: 'create-replacement', old, new: fresh, ...details, pendingDelete: true, answer },
      { op: 'replace', old, new: fresh, ...details, pendingDelete: true },
    ];
  }
  const steps: Step[] = [];
  for (const dependent of (await dependentReplacements(generator, old)).reverse()) {
    steps.push(...condemn(generator, dependent, urn));
  }
  await ensureProvider(generator.run, old.provider);
  if (!old.pendingReplacement) {
    steps.push({ op: deletion(old, true), old, pendingReplacement: true });
  }
  return [
    ...steps,
    { op: 'replace', old, new: fresh, ...details },
    { op: 'create-replacement', old, new: fresh, ...details, answer },
  ];
}

/** Deletes a dependent now; its own registration, later, creates it again. */
function condemn(generator: Generator, { state, keys }: Replacement, cause: string): Step[] {
  if (generator.condemned.has(state)) return [];
  generator.dependentKeys.set(state.urn, keys);
  if (!state.delete && state.protect) {
    throw generator.bail(
      `unable to replace resource "${state.urn}" as part of replacing "${cause}" as it is currently marked for ` +
        'protection. To unprotect the resource, remove the `protect` flag from the resource in your Pulumi program ' +
        `and run \`pulumi up\`, or use the command:\n\`pulumi state unprotect '${state.urn}'\``,
      cause,
    );
  }
  generator.run.deletes.add(state.urn);
  generator.condemned.add(state);
  if (state.delete) return [{ op: deletion(state, false), old: state }];
  return [{ op: deletion(state, true), old: state, pendingReplacement: true }];
}

function refuseReplace(
  generator: Generator,
  { goal, urn, fresh }: Draft,
  old: ResourceState,
  diff: ProviderDiff,
): void {
  if (fresh.protect && old.protect) {
    const message =
      `unable to replace resource "${urn}"\nas it is currently marked for protection. To unprotect the resource, ` +
      'remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`';
    generator.hasErrors = true;
    generator.run.emitter.error(message, urn);
    if (!generator.run.isDry) throw new Bail(message);
  }
  if (goal.importId === '') return;
  const { emitter } = generator.run;
  const changes = diff.replaces.map(
    (key) => `${key}: ${emitter.describe(old.inputs?.[key])} => ${emitter.describe(fresh.inputs?.[key])}`,
  );
  const message =
    'previously-imported resources that still specify an ID may not be replaced; please remove the `import` ' +
    `declaration from your program;\n${changes.join('\n')}`;
  if (!generator.run.isDry) throw new Error(message);
  emitter.warning(message, urn);
}
