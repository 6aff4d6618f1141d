import { keepAssets, restoreAssets } from './asset';
import type { CheckFailure, Provider, ProviderDiff, ResourceCall, WireObject } from './provider';
import type { ResourceState } from './resource';
import { nameOf, typeOf } from './urn';
import { elideAssets, mapValues, withoutUnknowns } from './wire';

/** The provider's own configuration is not known in this preview, so it cannot compare. */
export class DiffUnavailable extends Error {
  constructor() {
    super(
      'The provider for this resource has inputs that are not known during preview.\n' +
        'This preview may not correctly represent the changes that will be applied during an update.',
    );
  }
}

/** A resource as the state has it, and as it is wished for. */
export interface DiffCall {
  readonly urn: string;
  readonly id: string;
  readonly oldInputs: WireObject;
  readonly olds: WireObject;
  readonly news: WireObject;
  readonly ignoreChanges: readonly string[];
}

export interface Checked {
  readonly inputs: WireObject;
  readonly failures: readonly CheckFailure[];
}

/**
 * A provider resource at work. While its configuration is unknown (a preview that would create it) it is never called. One
 * that refused its configuration is there all the same: every call fails with what it said.
 */
export class ProviderInstance {
  constructor(
    readonly provider: Provider,
    readonly configured: 'known' | 'unknown' | Error,
  ) {}

  async check(urn: string, olds: WireObject, news: WireObject, randomSeed: Uint8Array): Promise<Checked> {
    if (!this.isKnown()) return { inputs: news, failures: [] };
    return this.provider.check({ ...callOf(urn), olds, news, randomSeed });
  }

  /** Throws DiffUnavailable. */
  async diff(call: DiffCall): Promise<ProviderDiff> {
    if (!this.isKnown()) throw new DiffUnavailable();
    return this.provider.diff({
      ...callOf(call.urn),
      id: call.id,
      oldInputs: mapValues(call.oldInputs, elideAssets),
      olds: mapValues(call.olds, elideAssets),
      news: mapValues(call.news, elideAssets),
      ignoreChanges: call.ignoreChanges,
    });
  }

  async create(state: ResourceState, preview: boolean): Promise<{ id: string; properties: WireObject }> {
    if (!this.isKnown()) return { id: '', properties: {} };
    return this.provider.create({
      ...callOf(state.urn),
      properties: state.inputs ?? {},
      preview,
      timeout: state.customTimeouts?.create ?? 0,
    });
  }

  async update(
    old: ResourceState,
    fresh: ResourceState,
    ignoreChanges: readonly string[],
    preview: boolean,
  ): Promise<{ properties: WireObject }> {
    if (!this.isKnown()) return { properties: {} };
    return this.provider.update({
      ...callOf(fresh.urn),
      id: old.id ?? '',
      oldInputs: mapValues(old.inputs ?? {}, elideAssets),
      olds: mapValues(old.outputs ?? {}, elideAssets),
      news: fresh.inputs ?? {},
      preview,
      ignoreChanges,
      timeout: fresh.customTimeouts?.update ?? 0,
    });
  }

  async delete(old: ResourceState): Promise<void> {
    await this.provider.delete({
      ...callOf(old.urn),
      id: old.id ?? '',
      oldInputs: mapValues(old.inputs ?? {}, elideAssets),
      properties: mapValues(old.outputs ?? {}, elideAssets),
      timeout: old.customTimeouts?.delete ?? 0,
    });
  }

  async read(
    urn: string,
    id: string,
    inputs: WireObject,
    properties: WireObject,
  ): Promise<{ id: string; inputs: WireObject; properties: WireObject }> {
    if (!this.isKnown()) return { id, inputs: {}, properties: {} };
    const found = await this.provider.read({
      ...callOf(urn),
      id,
      inputs: withoutUnknowns(mapValues(inputs, elideAssets)),
      properties: withoutUnknowns(mapValues(properties, elideAssets)),
    });
    return {
      ...found,
      inputs: restoreAssets(inputs, found.inputs),
      properties: restoreAssets(inputs, found.properties),
    };
  }

  async invoke(
    token: string,
    args: WireObject,
    preview: boolean,
  ): Promise<{ result: WireObject; failures: readonly CheckFailure[] }> {
    if (!this.isKnown()) return { result: {}, failures: [] };
    return this.provider.invoke({ token, args: mapValues(args, keepAssets), preview });
  }

  /** Throws what the provider said to its configuration. */
  private isKnown(): boolean {
    if (this.configured instanceof Error) throw this.configured;
    return this.configured === 'known';
  }
}

export function callOf(urn: string): ResourceCall {
  return { urn, type: typeOf(urn), name: nameOf(urn) };
}
