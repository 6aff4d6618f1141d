import { randomBytes } from 'node:crypto';
import { AliasBook } from './alias';
import { applyReplaceOnChanges, isTriggered, replaces, someChange } from './difference';
import { type Answering, type Draft, detailsOf, draftState } from './draft';
import { check, diff, tellFailures } from './examine';
import type { Goal, ReadGoal } from './goal';
import { dependenciesOf } from './order';
import { ignoreChanges } from './path';
import { recreate, replace } from './replace';
import type { ResourceState } from './resource';
import { Bail, type Run } from './run';
import type { Step } from './step';
import type { GrowingTargets } from './targets';
import { untouched } from './untouched';
import { isProviderType, isRootStack, makeUrn, qualifiedTypeOf } from './urn';
import { hasUnknowns } from './wire';

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
  readonly providers = new Map<string, ResourceState>();
  private readonly chosen: GrowingTargets;
  private readonly spared: GrowingTargets;

  constructor(readonly run: Run) {
    this.aliases = new AliasBook(
      run,
      () => run.olds,
      (urn) => this.registered.has(urn),
    );
    this.chosen = run.selection.targets.growing();
    this.spared = run.selection.excludes.growing();
  }

  isOperatedOn(urn: string): boolean {
    return this.operated.has(this.aliases.claimant(urn) ?? urn);
  }

  /** Whether any step is about this name. */
  isSettled(urn: string): boolean {
    return this.operated.has(urn) || this.run.deletes.has(urn);
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
      isInvalid: conflicts.length > 0,
    };
    const oldImportId = old ? (old.importID ?? old.id) : undefined;
    const isImport =
      goal.custom && goal.importId !== '' && (!old || old.external === true || oldImportId !== goal.importId);
    if (isImport) return { steps: this.importSteps(draft), importing: draft };
    return { steps: await this.settle(draft) };
  }

  /** The rest of a registration whose resource has been read: it may still need an update. */
  async afterImport(draft: Draft, imported: ResourceState): Promise<Step[]> {
    // Like the real engine, which has no trigger for what it has just imported.
    const { replacementTrigger: _, ...fresh } = draftState(
      draft.goal,
      draft.urn,
      draft.fresh.aliases?.[0],
      imported,
    );
    return this.settle({ ...draft, old: imported, fresh, isRecreating: false });
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

  urnOf(goal: { parent: string; type: string; name: string }): string {
    return makeUrn({
      ...this.run,
      parentType: goal.parent ? qualifiedTypeOf(goal.parent) : undefined,
      type: goal.type,
      name: goal.name,
    });
  }

  private name(goal: { parent: string; type: string; name: string }): string {
    if (goal.parent && !this.registered.has(goal.parent)) {
      throw new Error(`could not find parent resource ${goal.parent}`);
    }
    const urn = this.urnOf(goal);
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

  private async settle(draft: Draft): Promise<Step[]> {
    const { goal, urn, old, fresh, answer } = draft;
    const wasExternal = old?.external === true;
    const isTargeted = this.isTargeted(fresh);
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
      const checked = await check(
        this,
        draft,
        startsAnew ? {} : (old.inputs ?? {}),
        startsAnew ? goal.inputs : kept.inputs,
      );
      if (tellFailures(this, draft, checked)) throw new Bail(`resource ${urn} is invalid`);
      fresh.inputs = checked.inputs;
    } else if (goal.custom) fresh.inputs = old?.inputs ?? {};
    if (draft.isInvalid) throw new Bail(`resource ${urn} is invalid`);
    if (isTargeted) this.refuseSkipped(fresh);
    this.operated.add(urn);
    if (draft.isRecreating && old) return recreate(this, draft, old);
    if (wasExternal) {
      return [
        { op: 'create-replacement', old, new: fresh, pendingDelete: true, answer },
        { op: 'replace', old, new: fresh, pendingDelete: true },
      ];
    }
    this.learn(fresh);
    if (!old) {
      if (isTargeted) return [{ op: 'create', new: fresh, answer }];
      this.skippedCreates.add(urn);
      return [{ op: 'same', old: { ...fresh }, new: fresh, skippedCreate: true, answer }];
    }
    if (!isTargeted) return untouched(this, old, answer);
    return this.compare(draft, old);
  }

  private async compare(draft: Draft, old: ResourceState): Promise<Step[]> {
    const { goal, urn, fresh, answer } = draft;
    const hasInitErrors = (old.initErrors?.length ?? 0) > 0;
    const isReplacing = this.isTriggered(draft, old);
    const found = isReplacing ? someChange() : await diff(this, draft, old);
    const difference = applyReplaceOnChanges(found, goal.replaceOnChanges, hasInitErrors);
    const details = detailsOf(difference);
    const isChanged = difference.changes === 'some';
    if (old.pendingReplacement || isReplacing || (isChanged && replaces(difference)))
      return replace(this, draft, old, difference);
    if (isChanged || hasInitErrors) {
      return [{ op: 'update', old, new: fresh, ...details, ignoreChanges: goal.ignoreChanges, answer }];
    }
    if (this.imported.has(urn)) {
      answer({ state: old, result: 'success' });
      return [];
    }
    return [{ op: 'same', old, new: fresh, answer }];
  }

  private isTriggered({ urn, fresh }: Draft, old: ResourceState): boolean {
    if (!this.run.isDry && hasUnknowns(fresh.replacementTrigger)) {
      throw this.bail(`replacement trigger contains unknowns for ${urn}`, urn);
    }
    return isTriggered(old.replacementTrigger, fresh.replacementTrigger);
  }

  /** A target cannot be made while what it depends on is left out. */
  private refuseSkipped(fresh: ResourceState): void {
    const { targets } = this.run.selection;
    for (const urn of [fresh.parent ?? '', ...dependenciesOf(fresh)]) {
      if (!this.skippedCreates.delete(urn)) continue;
      this.hasErrors = true;
      // The real engine makes it where exclusions are the reason, and leaves a state that nothing reads any more.
      const message = targets.isConstrained
        ? `Resource '${fresh.urn}' depends on '${urn}' which was was not specified in --target list.`
        : `Resource '${fresh.urn}' depends on '${urn}', which does not exist and is excluded.`;
      this.run.emitter.error(message, fresh.urn);
      if (!this.run.isDry) throw new Bail('untargeted create');
    }
  }

  /** Providers and the stack go along with whatever is chosen. */
  private isTargeted(fresh: ResourceState): boolean {
    if (isProviderType(fresh.type) || isRootStack(fresh.urn)) return true;
    return this.run.selection.targets.isConstrained ? this.isChosen(fresh) : !this.isSpared(fresh);
  }

  private isChosen(fresh: ResourceState): boolean {
    const { targets, targetDependents } = this.run.selection;
    return targets.has(fresh.urn) || (targetDependents && this.chosen.carries(fresh, true));
  }

  private isSpared(fresh: ResourceState): boolean {
    const { excludes, excludeDependents } = this.run.selection;
    return excludes.has(fresh.urn) || (excludeDependents && this.spared.carries(fresh, true));
  }

  /** What comes later may stand on this. */
  private learn(fresh: ResourceState): void {
    if (this.isChosen(fresh)) this.chosen.add(fresh.urn);
    else if (!this.isTargeted(fresh)) this.spared.add(fresh.urn);
  }

  isReplaceTarget(urn: string, old: ResourceState | undefined): boolean {
    return old !== undefined && (old.taint === true || this.run.replaceTargets.has(urn));
  }

  /** Tells an error that ends the operation. */
  bail(message: string, urn: string): Bail {
    this.run.emitter.error(message, urn);
    return new Bail(message);
  }
}
