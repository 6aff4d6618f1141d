import { isLeftOut } from './left-out';
import { normalizeAliases } from './normalize';
import type { PendingKind, PendingOperation, ResourceState, Snapshot } from './resource';
import { isDelete, type Step } from './step';
import { isProviderType } from './urn';
import { equal } from './wire';

/**
 * The state of a running operation: what it has made so far, in order, then what it has not come to yet. Keeps the
 * effects that are under way, so that a killed run leaves a note of each.
 */
export class Journal {
  private readonly news: ResourceState[] = [];
  private readonly settled = new Set<ResourceState>();
  private readonly pending = new Map<Step, PendingOperation>();
  private olds: readonly ResourceState[];

  constructor(
    base: Snapshot,
    private readonly write: (snapshot: Snapshot) => void | Promise<void>,
  ) {
    this.olds = base.resources;
    this.lost = base.pendingOperations.filter(
      ({ type, resource }) => type === 'creating' && !isProviderType(resource.type),
    );
  }

  /** Creations of a killed run: kept until somebody looks. Those of providers left nothing in any cloud. */
  lost: readonly PendingOperation[];

  /** Before a step; resolves when the note of its effect is safe. */
  async begin(step: Step): Promise<void> {
    const type = pendingKind(step);
    const resource = isDelete(step) ? step.old : step.new;
    if (!type || !resource) return;
    this.pending.set(step, { type, resource: tidy({ ...resource }) });
    await this.save();
  }

  /** After a step; `kept` says whether its effect counts (also where it only half succeeded). */
  async end(step: Step, kept: boolean): Promise<void> {
    const wasPending = this.pending.delete(step);
    if (!kept) {
      if (wasPending) await this.save();
      return;
    }
    if (step.op === 'replace') return;
    if (step.op === 'same') {
      this.endSame(step);
      if (!step.skippedCreate && changed(step)) await this.save();
      return;
    }
    const isStillWaiting = isDelete(step) && step.pendingReplacement;
    // What a read takes the place of is forgotten before it is deleted, as the real engine does: also where that fails.
    const keepsOld = step.pendingDelete || step.op === 'import-replacement';
    if (step.old && !isStillWaiting && !keepsOld) this.settled.add(step.old);
    if (!isDelete(step) && step.op !== 'remove-pending-replace' && step.new) this.add(step.new);
    await this.save();
  }

  /** Component and stack outputs come after the step. */
  async outputs(state: ResourceState): Promise<void> {
    tidy(state);
    await this.save();
  }

  /** A refresh replaces what the operation starts from. */
  async rebase(resources: readonly ResourceState[]): Promise<void> {
    this.olds = resources.map(tidy);
    this.news.length = 0;
    this.settled.clear();
    await this.save();
  }

  async save(): Promise<void> {
    await this.write(this.snapshot());
  }

  snapshot(): Snapshot {
    // What was imported and then updated is settled although it is new.
    const present = [...this.news, ...this.olds].filter((state) => !this.settled.has(state));
    return {
      resources: normalizeAliases(present),
      pendingOperations: [...this.lost, ...this.pending.values()],
    };
  }

  private endSame(step: Step): void {
    if (step.skippedCreate || !step.new) return;
    if (step.old) this.settled.add(step.old);
    this.add(step.new);
  }

  private add(state: ResourceState): void {
    this.news.push(tidy(state));
  }
}

function pendingKind(step: Step): PendingKind | undefined {
  switch (step.op) {
    case 'create':
    case 'create-replacement':
      return 'creating';
    case 'update':
      return 'updating';
    case 'delete':
    case 'delete-replaced':
    case 'discard':
    case 'discard-replaced':
      return 'deleting';
    case 'read':
    case 'read-replacement':
      return 'reading';
    case 'import':
    case 'import-replacement':
      return 'importing';
    case 'same':
    case 'replace':
    case 'refresh':
    case 'remove-pending-replace':
      return undefined;
  }
}

/** Whether an unchanged resource's record differs all the same: options, dependencies, inputs in another form. */
function changed(step: Step): boolean {
  const { old, new: fresh } = step;
  if (!old || !fresh) return true;
  const form = (state: ResourceState): string =>
    JSON.stringify([
      state.urn,
      state.type,
      state.custom,
      state.provider ?? '',
      state.parent ?? '',
      state.deletedWith ?? '',
      state.replaceWith ?? [],
      state.protect ?? false,
      state.retainOnDelete ?? false,
      state.customTimeouts ?? {},
      [...(state.dependencies ?? [])].sort(),
      Object.entries(state.propertyDependencies ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)),
    ]);
  return (
    form(old) !== form(fresh) ||
    !equal(old.inputs ?? {}, fresh.inputs ?? {}) ||
    !equal(old.outputs ?? {}, fresh.outputs ?? {})
  );
}

/** Drops, in place, what a checkpoint leaves out. */
export function tidy(state: ResourceState): ResourceState {
  const fields = state as unknown as Record<string, unknown>;
  for (const key in fields) if (isLeftOut(key, fields[key])) delete fields[key];
  return state;
}
