import { compareInputs, NO_CHANGE, replaceBecause, replaces, someChange } from './difference';
import type { Draft } from './draft';
import type { Generator } from './generate';
import { type Checked, DiffUnavailable, type ProviderInstance } from './instance';
import { ignoreChanges } from './path';
import type { ProviderDiff, WireObject } from './provider';
import type { ResourceState } from './resource';
import { providerOf } from './run';
import { isProviderType, parseReference } from './urn';
import { describe, equal, hasUnknowns, withoutUnknowns } from './wire';

export async function diff(generator: Generator, draft: Draft, old: ResourceState): Promise<ProviderDiff> {
  const { goal, urn, fresh } = draft;
  if (generator.isReplaceTarget(urn, old)) return replaceBecause('id');
  if (goal.replaceWith.some((other) => generator.replaced.has(other))) return replaceBecause('replaceWith');
  if (await isProviderChanged(generator, old, fresh)) return replaceBecause('provider');
  const oldInputs = old.inputs ?? {};
  const news = fresh.inputs ?? {};
  if (!goal.custom) return equal(oldInputs, news) ? NO_CHANGE : someChange();
  try {
    return await diffResource(generator, urn, fresh, old, news, goal.ignoreChanges);
  } catch (error) {
    if (!(error instanceof DiffUnavailable)) throw error;
    generator.run.emitter.warning(error.message, urn);
    return someChange();
  }
}

/** The provider's comparison of what is with what shall be; the engine's own where the provider cannot say. */
export async function diffResource(
  generator: Generator,
  urn: string,
  serving: ResourceState,
  old: ResourceState,
  news: WireObject,
  ignored: readonly string[],
): Promise<ProviderDiff> {
  const oldInputs = old.inputs ?? {};
  const call = { urn, id: old.id ?? '', oldInputs, olds: old.outputs ?? {}, news, ignoreChanges: ignored };
  if (isProviderType(old.type)) return generator.run.registry.diff(call);
  const diff = await providerOf(generator.run, serving).diff(call);
  if (diff.changes !== 'unknown') return diff;
  return compareInputs(diff, oldInputs, ignoreChanges(news, oldInputs, ignored).inputs);
}

async function isProviderChanged(
  generator: Generator,
  old: ResourceState,
  fresh: ResourceState,
): Promise<boolean> {
  const before = old.provider ?? '';
  const after = fresh.provider ?? '';
  if (before === after) return false;
  if (before === '' || after === '') return true;
  const from = parseReference(before);
  const to = parseReference(after);
  if (generator.aliases.claimant(from.urn) === to.urn) return false;
  const oldProvider = generator.run.olds.get(from.urn);
  const newProvider = generator.providers.get(to.urn);
  if (!oldProvider || !newProvider) throw new Error(`failed to resolve provider reference: "${before}"`);
  return replaces(
    await generator.run.registry.diffConfig(to.urn, oldProvider, { ...newProvider, id: to.id }),
  );
}

export async function check(
  generator: Generator,
  { goal, urn, fresh, seed }: Draft,
  olds: WireObject,
  news: WireObject,
): Promise<Checked> {
  if (isProviderType(goal.type)) return generator.run.registry.check(urn, olds, news);
  // Outside of a preview, what is unknown is what was not made: the provider does not see it.
  const known = generator.run.isDry || !hasUnknowns(news) ? news : withoutUnknowns(news);
  return serving(generator, fresh).check(urn, olds, known, seed);
}

function serving(generator: Generator, fresh: ResourceState): ProviderInstance {
  const reference = fresh.provider ?? '';
  const instance = reference ? generator.run.registry.get(parseReference(reference)) : undefined;
  if (!instance)
    throw generator.bail(`unknown provider '${reference}' for resource '${fresh.urn}'`, fresh.urn);
  return instance;
}

export function tellFailures(generator: Generator, { urn, goal }: Draft, checked: Checked): boolean {
  for (const { property, reason } of checked.failures) {
    const about = `${goal.type} resource '${goal.name}'`;
    const message = property
      ? `${about}: property ${property} value ${describe(goal.inputs[property])} has a problem: ${reason}`
      : `${about} has a problem: ${reason}`;
    generator.run.emitter.error(message, urn);
  }
  return checked.failures.length > 0;
}
