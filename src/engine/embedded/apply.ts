import { hashFound } from './asset';
import { compareInputs, invert } from './difference';
import { ignoreChanges } from './path';
import { type ProviderDiff, ProviderError, UNKNOWN, type WireObject } from './provider';
import type { ResourceState } from './resource';
import { ensureProvider, providerOf, type Run } from './run';
import type { Step } from './step';
import { isProviderType } from './urn';
import { equal } from './wire';

/** Of the wire protocol: 0 nothing happened, 1 the resource exists but is not right, 2 nobody knows. */
export type EffectStatus = 0 | 1 | 2;

export interface Applied {
  readonly status: EffectStatus;
  readonly error?: Error;
}

/** Deleting a protected resource is refused; the other deletions go on. */
export class ProtectedError extends Error {
  constructor(urn: string) {
    super(
      `resource "${urn}" cannot be deleted\n` +
        'because it is protected. To unprotect the resource, either remove the `protect` flag from the resource in ' +
        `your Pulumi program and run \`pulumi up\`, or use the command:\n\`pulumi state unprotect '${urn}'\``,
    );
  }
}

const FINE: Applied = { status: 0 };

/** Carries out a step: the effect, and what it makes of the new state. Never throws: the error is part of the answer. */
export async function apply(run: Run, step: Step): Promise<Applied> {
  try {
    return await perform(run, step);
  } catch (error) {
    return { status: statusOf(step), error: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** What a failed call leaves open; a failed creation is known to have made nothing unless it says otherwise. */
function statusOf(step: Step): EffectStatus {
  switch (step.op) {
    case 'update':
    case 'delete':
    case 'delete-replaced':
    case 'read':
    case 'read-replacement':
    case 'refresh':
    case 'import':
    case 'import-replacement':
      return 2;
    default:
      return 0;
  }
}

async function perform(run: Run, step: Step): Promise<Applied> {
  switch (step.op) {
    case 'same':
      return same(run, step);
    case 'create':
    case 'create-replacement':
      return create(run, step);
    case 'update':
      return update(run, step);
    case 'delete':
    case 'delete-replaced':
    case 'discard':
    case 'discard-replaced':
      return remove(run, step);
    case 'read':
    case 'read-replacement':
      return read(run, step);
    case 'refresh':
      return refresh(run, step);
    case 'import':
    case 'import-replacement':
      return importExisting(run, step);
    case 'replace':
    case 'remove-pending-replace':
      return FINE;
  }
}

async function same(run: Run, step: Step): Promise<Applied> {
  const { old, fresh } = both(step);
  if (old.id) fresh.id = old.id;
  if (old.outputs) fresh.outputs = old.outputs;
  if (old.created) fresh.created = old.created;
  if (old.modified) fresh.modified = old.modified;
  if (isProviderType(fresh.type) && !step.skippedCreate && !step.untargeted) {
    await run.registry.same({ ...fresh, inputs: old.inputs ?? {} }, true);
  }
  return FINE;
}

async function create(run: Run, step: Step): Promise<Applied> {
  const fresh = needed(step.new);
  let error: Error | undefined;
  if (fresh.custom) {
    const made = await partially(
      fresh,
      () =>
        isProviderType(fresh.type)
          ? run.registry.create(fresh, run.isDry)
          : providerOf(run, fresh).create(fresh, run.isDry),
      (partial) => partial,
    );
    if (!made.error && !run.isDry && made.value.id === '') {
      throw new Error('provider did not return an ID from Create');
    }
    fresh.id = made.value.id;
    fresh.outputs = made.value.properties;
    error = made.error;
  }
  const now = new Date().toISOString();
  fresh.created = now;
  fresh.modified = now;
  if (step.pendingDelete && step.old) step.old.delete = true;
  return error ? { status: 1, error } : FINE;
}

async function update(run: Run, step: Step): Promise<Applied> {
  const { old, fresh } = both(step);
  if (old.id) fresh.id = old.id;
  if (old.created) fresh.created = old.created;
  if (old.modified) fresh.modified = old.modified;
  if (!fresh.custom) return FINE;
  const made = await partially(
    fresh,
    () =>
      isProviderType(fresh.type)
        ? run.registry.update(old, fresh)
        : providerOf(run, fresh).update(old, fresh, step.ignoreChanges ?? [], run.isDry),
    (partial) => partial,
  );
  fresh.outputs = made.value.properties;
  fresh.modified = new Date().toISOString();
  return made.error ? { status: 1, error: made.error } : FINE;
}

async function remove(run: Run, step: Step): Promise<Applied> {
  const old = needed(step.old);
  const isReplacement = step.op === 'delete-replaced' || step.op === 'discard-replaced';
  if (!isReplacement && old.protect) return { status: 0, error: new ProtectedError(old.urn) };
  const isLeft = old.external || old.retainOnDelete || (old.deletedWith && run.deletes.has(old.deletedWith));
  if (!run.isDry && !isLeft && old.custom) {
    if (isProviderType(old.type)) run.registry.delete(old);
    else {
      await ensureProvider(run, old.provider);
      const provider = providerOf(run, old);
      // Nothing was tried: nothing is unknown.
      if (provider.configured instanceof Error) return { status: 0, error: provider.configured };
      await provider.delete(old);
    }
  }
  if (step.pendingReplacement) old.pendingReplacement = true;
  return FINE;
}

async function read(run: Run, step: Step): Promise<Applied> {
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

async function refresh(run: Run, step: Step): Promise<Applied> {
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
  const diff = await refreshDiff(old, fresh, (call) => instance.diff(call));
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
  compare: (call: {
    urn: string;
    id: string;
    oldInputs: WireObject;
    olds: WireObject;
    news: WireObject;
    ignoreChanges: readonly string[];
  }) => Promise<ProviderDiff>,
): Promise<ProviderDiff> {
  const oldInputs = fresh.inputs ?? {};
  const news = old.inputs ?? {};
  const diff = await compare({
    urn: fresh.urn,
    id: fresh.id ?? '',
    oldInputs,
    olds: fresh.outputs ?? {},
    news,
    ignoreChanges: old.ignoreChanges ?? [],
  });
  return invert(diff.changes === 'unknown' ? compareInputs(diff, oldInputs, news) : diff);
}

async function importExisting(run: Run, step: Step): Promise<Applied> {
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

/** A call that may half succeed: the resource exists, its initialisation failed. The state notes the reasons. */
async function partially<T extends { properties: WireObject }>(
  state: ResourceState,
  call: () => Promise<T>,
  fromPartial: (partial: NonNullable<ProviderError['partial']>) => NoInfer<T> | Omit<T, never>,
): Promise<{ value: T; error?: Error; reasons?: readonly string[] }> {
  try {
    return { value: await call() };
  } catch (error) {
    if (!(error instanceof ProviderError) || !error.partial) throw error;
    state.initErrors = [...error.partial.reasons];
    return { value: fromPartial(error.partial) as T, error, reasons: error.partial.reasons };
  }
}

function needed(state: ResourceState | undefined): ResourceState {
  if (!state) throw new Error('a step without its resource');
  return state;
}

function both(step: Step): { old: ResourceState; fresh: ResourceState } {
  return { old: needed(step.old), fresh: needed(step.new) };
}
