import { randomBytes } from 'node:crypto';
import { AliasBook } from './alias';
import {
  applyReplaceOnChanges,
  compareInputs,
  NO_CHANGE,
  replaceBecause,
  replaces,
  someChange,
} from './difference';
import type { Goal, ReadGoal } from './goal';
import { type Checked, DiffUnavailable, type ProviderInstance } from './instance';
import { ignoreChanges } from './path';
import type { ProviderDiff, WireObject } from './provider';
import { dependentReplacements, type Replacement } from './replacement';
import type { ResourceState } from './resource';
import { Bail, ensureProvider, providerOf, type Run } from './run';
import type { Answer, Step } from './step';
import { isProviderType, isRootStack, makeUrn, parseReference, qualifiedTypeOf } from './urn';
import { describe, equal } from './wire';

type Answering = (answer: Answer) => void;

/** A registration on its way: what the program wants, what the state has, what will be. */
export interface Draft {
  readonly goal: Goal;
  readonly urn: string;
  readonly old?: ResourceState;
  readonly fresh: ResourceState;
  readonly answer: Answering;
  /** The resource was deleted earlier in this operation because something it depends on is replaced. */
  readonly isRecreating: boolean;
  readonly seed: Uint8Array;
}

/** Decides, one registration after the other, which steps bring a resource to its goal. */
export class Generator {
  /** A refused replacement in a preview, a check that failed: the operation goes on and fails at its end. */
  hasErrors = false;
  readonly registered = new Set<string>();
  readonly operated = new Set<string>();
  readonly replaced = new Set<string>();
  readonly skippedCreates = new Set<string>();
  readonly imported = new Set<string>();
  readonly dependentKeys = new Map<string, readonly string[]>();
  readonly condemned = new Set<ResourceState>();
  readonly aliases: AliasBook;
  private readonly providers = new Map<string, ResourceState>();

  constructor(readonly run: Run) {
    this.aliases = new AliasBook(
      run,
      () => run.olds,
      (urn) => this.registered.has(urn),
    );
  }

  isOperatedOn(urn: string): boolean {
    return this.operated.has(this.aliases.claimant(urn) ?? urn);
  }

  /** Throws Bail and plain errors; `importing` steps must be carried out before `afterImport` goes on. */
  async register(goal: Goal, answer: Answering): Promise<{ steps: Step[]; importing?: Draft }> {
    const urn = this.name(goal);
    const { old, alias, conflicts } = this.aliases.find(urn, goal);
    for (const conflict of conflicts) this.run.emitter.error(conflict, urn);
    const fresh = draftState(goal, urn, alias, old);
    if (isProviderType(goal.type)) {
      this.providers.set(urn, fresh);
      if (alias) {
        this.providers.set(alias, fresh);
        this.run.registry.alias(urn, alias);
      }
    }
    const draft: Draft = {
      goal,
      urn,
      ...(old ? { old } : {}),
      fresh,
      answer,
      isRecreating: this.run.deletes.has(urn) || (alias !== undefined && this.run.deletes.has(alias)),
      seed: randomBytes(32),
    };
    const oldImportId = old ? (old.importID ?? old.id) : undefined;
    const isImport =
      goal.custom && goal.importId !== '' && (!old || old.external === true || oldImportId !== goal.importId);
    if (isImport) return { steps: this.importSteps(draft), importing: draft };
    return { steps: await this.settle(draft, conflicts.length > 0) };
  }

  /** The rest of a registration whose resource has been read: it may still need an update. */
  async afterImport(draft: Draft, imported: ResourceState): Promise<Step[]> {
    const fresh = draftState(draft.goal, draft.urn, draft.fresh.aliases?.[0], imported);
    return this.settle({ ...draft, old: imported, fresh, isRecreating: false }, false);
  }

  read(goal: ReadGoal, answer: Answering): Step[] {
    const urn = this.name(goal);
    if (goal.id === '') throw new Error(`Expected an ID for ${urn}`);
    const { old, alias } = this.aliases.find(urn, { ...goal, aliases: [] });
    const fresh: ResourceState = {
      urn,
      custom: true,
      type: goal.type,
      id: goal.id,
      inputs: goal.inputs,
      parent: goal.parent,
      external: true,
      dependencies: [...goal.dependencies],
      provider: goal.provider,
      additionalSecretOutputs: [...goal.additionalSecretOutputs],
      aliases: alias ? [alias] : [],
    };
    this.operated.add(urn);
    if (old && !old.external && old.id !== goal.id) {
      this.replaced.add(urn);
      return [
        { op: 'read-replacement', old, new: fresh, answer },
        { op: 'replace', old, new: fresh, pendingDelete: true },
      ];
    }
    return [{ op: 'read', ...(old ? { old } : {}), new: fresh, answer }];
  }

  private name(goal: { parent: string; type: string; name: string }): string {
    if (goal.parent && !this.registered.has(goal.parent)) {
      throw new Error(`could not find parent resource ${goal.parent}`);
    }
    const urn = makeUrn({
      ...this.run,
      parentType: goal.parent ? qualifiedTypeOf(goal.parent) : undefined,
      type: goal.type,
      name: goal.name,
    });
    if (this.registered.has(urn)) {
      throw this.bail(`Duplicate resource URN '${urn}'; try giving it a unique name`, urn);
    }
    this.registered.add(urn);
    return urn;
  }

  private importSteps({ goal, urn, old, fresh, isRecreating }: Draft): Step[] {
    this.imported.add(urn);
    this.operated.add(urn);
    const common = { new: fresh, ignoreChanges: goal.ignoreChanges };
    if (!old || isRecreating) return [{ op: 'import', ...common }];
    return [
      { op: 'import-replacement', ...common, original: old },
      { op: 'replace', old, new: fresh, pendingDelete: true },
    ];
  }

  private async settle(draft: Draft, isInvalid: boolean): Promise<Step[]> {
    const { goal, urn, old, fresh, answer } = draft;
    const wasExternal = old?.external === true;
    const isTargeted = this.isTargeted(urn, goal.type);
    if (goal.custom && isTargeted) {
      const startsAnew = draft.isRecreating || wasExternal || this.isReplaceTarget(urn, old) || !old;
      const kept = old
        ? ignoreChanges(goal.inputs, old.inputs ?? {}, goal.ignoreChanges)
        : { inputs: goal.inputs, invalid: [] };
      if (kept.invalid.length > 0) {
        const paths = JSON.stringify(kept.invalid.join(', '));
        this.run.emitter.diagnostic(
          'info',
          `cannot ignore changes in added or removed elements of the path: ${paths}`,
          urn,
        );
      }
      const checked = await this.check(
        draft,
        startsAnew ? {} : (old.inputs ?? {}),
        startsAnew ? goal.inputs : kept.inputs,
      );
      if (this.tellFailures(draft, checked)) throw new Bail(`resource ${urn} is invalid`);
      fresh.inputs = checked.inputs;
    } else if (goal.custom && old) fresh.inputs = old.inputs ?? {};
    if (isInvalid) throw new Bail(`resource ${urn} is invalid`);
    this.operated.add(urn);
    if (draft.isRecreating && old) return this.recreate(draft, old);
    if (wasExternal) {
      return [
        { op: 'create-replacement', old, new: fresh, pendingDelete: true, answer },
        { op: 'replace', old, new: fresh, pendingDelete: true },
      ];
    }
    if (!old) {
      if (isTargeted) return [{ op: 'create', new: fresh, answer }];
      this.skippedCreates.add(urn);
      return [{ op: 'same', old: { ...fresh }, new: fresh, skippedCreate: true, answer }];
    }
    if (!isTargeted) {
      await ensureProvider(this.run, old.provider);
      const { id: _, outputs: __, ...copy } = old;
      return [{ op: 'same', old, new: copy, untargeted: true, answer }];
    }
    return this.compare(draft, old);
  }

  private recreate({ urn, fresh, answer }: Draft, old: ResourceState): Step[] {
    this.run.deletes.delete(urn);
    this.run.deletes.delete(old.urn);
    this.replaced.add(urn);
    const keys = this.dependentKeys.get(old.urn) ?? [];
    return [
      { op: 'replace', old, new: fresh },
      { op: 'create-replacement', old, new: fresh, keys, answer },
    ];
  }

  private async compare(draft: Draft, old: ResourceState): Promise<Step[]> {
    const { goal, urn, fresh, answer } = draft;
    const hasInitErrors = (old.initErrors?.length ?? 0) > 0;
    const found = await this.diff(draft, old);
    const diff = applyReplaceOnChanges(found, goal.replaceOnChanges, hasInitErrors);
    const details = detailsOf(diff);
    const isChanged = diff.changes === 'some';
    if (old.pendingReplacement || (isChanged && replaces(diff))) return this.replace(draft, old, diff);
    if (isChanged || hasInitErrors) {
      return [{ op: 'update', old, new: fresh, ...details, ignoreChanges: goal.ignoreChanges, answer }];
    }
    if (this.imported.has(urn)) {
      answer({ state: old, result: 'success' });
      return [];
    }
    return [{ op: 'same', old, new: fresh, answer }];
  }

  private async replace(draft: Draft, old: ResourceState, diff: ProviderDiff): Promise<Step[]> {
    const { goal, urn, fresh, answer } = draft;
    this.refuseReplace(draft, old, diff);
    this.replaced.add(urn);
    if (goal.custom && !this.isReplaceTarget(urn, old)) {
      const checked = await this.check(draft, {}, goal.inputs);
      if (this.tellFailures(draft, checked)) throw new Bail(`resource ${urn} has check errors`);
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
    for (const dependent of (await dependentReplacements(this, old)).reverse()) {
      steps.push(...this.condemn(dependent, urn));
    }
    await ensureProvider(this.run, old.provider);
    if (!old.pendingReplacement) {
      this.run.deletes.add(old.urn);
      steps.push({ op: deletion(old, true), old, pendingReplacement: true });
    }
    return [
      ...steps,
      { op: 'replace', old, new: fresh, ...details },
      { op: 'create-replacement', old, new: fresh, ...details, answer },
    ];
  }

  /** Deletes a dependent now; its own registration, later, creates it again. */
  private condemn({ state, keys }: Replacement, cause: string): Step[] {
    if (this.condemned.has(state)) return [];
    this.dependentKeys.set(state.urn, keys);
    if (!state.delete && state.protect) {
      throw this.bail(
        `unable to replace resource "${state.urn}" as part of replacing "${cause}" as it is currently marked for ` +
          'protection. To unprotect the resource, remove the `protect` flag from the resource in your Pulumi program ' +
          `and run \`pulumi up\`, or use the command:\n\`pulumi state unprotect '${state.urn}'\``,
        cause,
      );
    }
    this.run.deletes.add(state.urn);
    this.condemned.add(state);
    if (state.delete) return [{ op: deletion(state, false), old: state }];
    return [{ op: deletion(state, true), old: state, pendingReplacement: true }];
  }

  private refuseReplace({ goal, urn, fresh }: Draft, old: ResourceState, diff: ProviderDiff): void {
    if (fresh.protect && old.protect) {
      const message =
        `unable to replace resource "${urn}"\nas it is currently marked for protection. To unprotect the resource, ` +
        'remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`';
      this.hasErrors = true;
      this.run.emitter.error(message, urn);
      if (!this.run.isDry) throw new Bail(message);
    }
    if (goal.importId === '') return;
    const changes = diff.replaces.map(
      (key) => `${key}: ${describe(old.inputs?.[key])} => ${describe(fresh.inputs?.[key])}`,
    );
    const message =
      'previously-imported resources that still specify an ID may not be replaced; please remove the `import` ' +
      `declaration from your program;\n${changes.join('\n')}`;
    if (!this.run.isDry) throw new Error(message);
    this.run.emitter.warning(message, urn);
  }

  private async diff(draft: Draft, old: ResourceState): Promise<ProviderDiff> {
    const { goal, urn, fresh } = draft;
    if (this.isReplaceTarget(urn, old)) return replaceBecause('id');
    if (goal.replaceWith.some((other) => this.replaced.has(other))) return replaceBecause('replaceWith');
    if (goal.deletedWith && this.replaced.has(goal.deletedWith)) return replaceBecause('deletedWith');
    if (await this.isProviderChanged(old, fresh)) return replaceBecause('provider');
    const oldInputs = old.inputs ?? {};
    const news = fresh.inputs ?? {};
    if (!goal.custom) return equal(oldInputs, news) ? NO_CHANGE : someChange();
    try {
      return await this.diffResource(urn, fresh, old, news, goal.ignoreChanges);
    } catch (error) {
      if (!(error instanceof DiffUnavailable)) throw error;
      this.run.emitter.warning(error.message, urn);
      return someChange();
    }
  }

  /** The provider's comparison of what is with what shall be; the engine's own where the provider cannot say. */
  async diffResource(
    urn: string,
    serving: ResourceState,
    old: ResourceState,
    news: WireObject,
    ignored: readonly string[],
  ): Promise<ProviderDiff> {
    const oldInputs = old.inputs ?? {};
    const call = { urn, id: old.id ?? '', oldInputs, olds: old.outputs ?? {}, news, ignoreChanges: ignored };
    if (isProviderType(old.type)) return this.run.registry.diff(call);
    const diff = await providerOf(this.run, serving).diff(call);
    if (diff.changes !== 'unknown') return diff;
    return compareInputs(diff, oldInputs, ignoreChanges(news, oldInputs, ignored).inputs);
  }

  private async isProviderChanged(old: ResourceState, fresh: ResourceState): Promise<boolean> {
    const before = old.provider ?? '';
    const after = fresh.provider ?? '';
    if (before === after) return false;
    if (before === '' || after === '') return true;
    const from = parseReference(before);
    const to = parseReference(after);
    if (this.aliases.claimant(from.urn) === to.urn) return false;
    const oldProvider = this.run.olds.get(from.urn);
    const newProvider = this.providers.get(to.urn);
    if (!oldProvider || !newProvider) throw new Error(`failed to resolve provider reference: "${before}"`);
    return replaces(await this.run.registry.diffConfig(to.urn, oldProvider, { ...newProvider, id: to.id }));
  }

  private async check(
    { goal, urn, fresh, seed }: Draft,
    olds: WireObject,
    news: WireObject,
  ): Promise<Checked> {
    if (isProviderType(goal.type)) return this.run.registry.check(urn, olds, news);
    return this.serving(fresh).check(urn, olds, news, seed);
  }

  private serving(fresh: ResourceState): ProviderInstance {
    const reference = fresh.provider ?? '';
    const instance = reference ? this.run.registry.get(parseReference(reference)) : undefined;
    if (!instance) throw this.bail(`unknown provider '${reference}' for resource '${fresh.urn}'`, fresh.urn);
    return instance;
  }

  private tellFailures({ urn, goal }: Draft, checked: Checked): boolean {
    for (const { property, reason } of checked.failures) {
      const about = `${goal.type} resource '${goal.name}'`;
      const message = property
        ? `${about}: property ${property} value ${describe(goal.inputs[property])} has a problem: ${reason}`
        : `${about} has a problem: ${reason}`;
      this.run.emitter.error(message, urn);
    }
    return checked.failures.length > 0;
  }

  private isTargeted(urn: string, type: string): boolean {
    const { targets } = this.run;
    return !targets || isProviderType(type) || isRootStack(urn) || targets.has(urn);
  }

  private isReplaceTarget(urn: string, old: ResourceState | undefined): boolean {
    return old !== undefined && this.run.replaceTargets.has(urn);
  }

  private bail(message: string, urn: string): Bail {
    this.run.emitter.error(message, urn);
    return new Bail(message);
  }
}

/** External resources are forgotten, not deleted. */
export function deletion(old: ResourceState, isReplacement: boolean): Step['op'] {
  if (old.external) return isReplacement ? 'discard-replaced' : 'discard';
  return isReplacement ? 'delete-replaced' : 'delete';
}

function detailsOf(diff: ProviderDiff): Pick<Step, 'diffs' | 'detailedDiff'> {
  return { diffs: diff.diffs, ...(diff.detailedDiff ? { detailedDiff: diff.detailedDiff } : {}) };
}

function draftState(
  goal: Goal,
  urn: string,
  alias: string | undefined,
  old: ResourceState | undefined,
): ResourceState {
  return {
    urn,
    custom: goal.custom,
    type: goal.type,
    inputs: goal.inputs,
    parent: goal.parent,
    protect: goal.protect ?? false,
    dependencies: [...goal.dependencies],
    provider: goal.provider,
    propertyDependencies: Object.fromEntries(
      Object.entries(goal.propertyDependencies).map(([key, urns]) => [key, [...urns]]),
    ),
    additionalSecretOutputs: [...goal.additionalSecretOutputs],
    aliases: alias ? [alias] : [],
    customTimeouts: { ...goal.customTimeouts },
    importID: goal.importId,
    retainOnDelete: goal.retainOnDelete ?? false,
    deletedWith: goal.deletedWith,
    replaceWith: [...goal.replaceWith],
    ...(old?.created ? { created: old.created } : {}),
    ...(old?.modified ? { modified: old.modified } : {}),
    ignoreChanges: [...goal.ignoreChanges],
    hideDiff: [...goal.hideDiff],
    replaceOnChanges: [...goal.replaceOnChanges],
  };
}
