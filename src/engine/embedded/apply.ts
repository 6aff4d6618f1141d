import { type Applied, both, type EffectStatus, FINE, needed, partially } from './applied';
import { importExisting, read, refresh } from './look';
import { ensureProvider, providerOf, type Run } from './run';
import type { Step } from './step';
import { isProviderType } from './urn';

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
