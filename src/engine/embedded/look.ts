import { type Applied, both, FINE, needed, partially } from './applied';
import { hashFound } from './asset';
import { compareInputs, invert } from './difference';
import type { ProviderInstance } from './instance';
import { ignoreChanges } from './path';
import { type ProviderDiff, UNKNOWN } from './provider';
import type { ResourceState } from './resource';
import { ensureProvider, providerOf, type Run } from './run';
import type { Step } from './step';
import { isProviderType } from './urn';
import { equal } from './wire';

/** A resource that is only read. */
export async function read(run: Run, step: Step): Promise<Applied> {
  const fresh = needed(step.new);
  const id = fresh.id ?? '';
  let error: Error | undefined;
  if (id === UNKNOWN) fresh.outputs = {};
  else if (isProviderType(fresh.type)) {
    return { status: 0, error: new Error('provider resources may not be read') };
  } else {
    const inputs = fresh.inputs ?? {};
    const found = await partially(
      fresh,
      () => providerOf(run, fresh).read(fresh.urn, id, inputs, inputs),
      (partial) => ({ inputs: {}, ...partial }),
    );
    if (found.value.id === '') return { status: 0, error: new Error(`resource '${id}' does not exist`) };
    fresh.id = found.value.id;
    fresh.outputs = found.value.properties;
    error = found.error;
  }
  const { old } = step;
  if (step.op === 'read-replacement' && old) old.delete = true;
  if (old) {
    if (old.created) fresh.created = old.created;
    if (old.modified) fresh.modified = old.modified;
    hashBoth(old, fresh);
    if (!equal(fresh.inputs ?? {}, old.inputs ?? {}) || !equal(fresh.outputs ?? {}, old.outputs ?? {})) {
      fresh.modified = new Date().toISOString();
    }
  }
  return error ? { status: 1, error } : FINE;
}

/** The resource as it is; `step.refreshed` says how it moved. */
export async function refresh(run: Run, step: Step): Promise<Applied> {
  const { old } = both(step);
  if (!old.custom || isProviderType(old.type) || old.pendingReplacement) {
    step.refreshed = { op: 'same', diffs: [] };
    return FINE;
  }
  await ensureProvider(run, old.provider);
  const instance = providerOf(run, old);
  const found = await partially(
    { ...old },
    () => instance.read(old.urn, old.id ?? '', old.inputs ?? {}, old.outputs ?? {}),
    (partial) => ({ inputs: old.inputs ?? {}, ...partial }),
  );
  if (found.reasons) {
    const reasons = found.reasons.join('\n* ');
    run.emitter.warning(`Refreshed resource is in an unhealthy state:\n* ${reasons}`, old.urn);
  }
  if (found.value.id === '') {
    delete step.new;
    step.refreshed = { op: 'delete', diffs: [] };
    return FINE;
  }
  const { initErrors: _, ...rest } = old;
  const fresh: ResourceState = {
    ...rest,
    id: found.value.id,
    inputs: found.value.inputs,
    outputs: found.value.properties,
    ...(found.reasons ? { initErrors: [...found.reasons] } : {}),
  };
  hashBoth(old, fresh);
  const isMoved =
    !equal(fresh.inputs ?? {}, old.inputs ?? {}) || !equal(fresh.outputs ?? {}, old.outputs ?? {});
  if (isMoved) fresh.modified = new Date().toISOString();
  step.new = fresh;
  if (old.external) {
    step.refreshed = { op: equal(fresh.outputs ?? {}, old.outputs ?? {}) ? 'same' : 'update', diffs: [] };
    return FINE;
  }
  const diff = await refreshDiff(old, fresh, instance);
  if (diff.detailedDiff) step.detailedDiff = diff.detailedDiff;
  step.refreshed = { op: diff.changes === 'none' ? 'same' : 'update', diffs: diff.diffs };
  return FINE;
}

function hashBoth(old: ResourceState, fresh: ResourceState): void {
  for (const key of ['inputs', 'outputs'] as const) {
    const [before = {}, after = {}] = [old[key], fresh[key]];
    old[key] = hashFound(before, after);
    fresh[key] = hashFound(after, before);
  }
}

/** What an update would do to bring the resource back, turned round: how it moved. */
async function refreshDiff(
  old: ResourceState,
  fresh: ResourceState,
  instance: ProviderInstance,
): Promise<ProviderDiff> {
  const oldInputs = fresh.inputs ?? {};
  const news = old.inputs ?? {};
  const diff = await instance.diff({
    urn: fresh.urn,
    id: fresh.id ?? '',
    oldInputs,
    olds: fresh.outputs ?? {},
    news,
    ignoreChanges: old.ignoreChanges ?? [],
  });
  return invert(diff.changes === 'unknown' ? compareInputs(diff, oldInputs, news) : diff);
}

/** A resource that is there already becomes the stack's. */
export async function importExisting(run: Run, step: Step): Promise<Applied> {
  const fresh = needed(step.new);
  const importId = fresh.importID ?? '';
  const found = await partially(
    fresh,
    () => providerOf(run, fresh).read(fresh.urn, importId, {}, {}),
    (partial) => ({ inputs: {}, ...partial }),
  );
  if (found.value.id === '') return { status: 0, error: new Error(`resource '${importId}' does not exist`) };
  fresh.id = found.value.id;
  fresh.outputs = found.value.properties;
  fresh.inputs = ignoreChanges(found.value.inputs, found.value.inputs, step.ignoreChanges ?? []).inputs;
  const { created: _, modified: __, aliases: ___, additionalSecretOutputs: ____, ...read } = fresh;
  step.old = { ...read };
  const now = new Date().toISOString();
  fresh.created = now;
  fresh.modified = now;
  if (step.op === 'import-replacement' && step.original) step.original.delete = true;
  return FINE;
}
