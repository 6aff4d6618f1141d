import { randomUUID } from 'node:crypto';
import { SemVer } from 'semver';
import { type Checked, type DiffCall, ProviderInstance } from './instance';
import {
  type Provider,
  type ProviderDiff,
  ProviderError,
  type ProviderHost,
  UNKNOWN,
  type WireObject,
} from './provider';
import type { ResourceState } from './resource';
import { formatReference, providerPackage, typeOf } from './urn';
import { annotateSecrets, equal, hasUnknowns, revealAll } from './wire';

/** Key of what the engine notes in a provider's inputs for itself; providers do not see it. */
export const INTERNAL = '__internal';

/** The providers of one operation, by reference; a provider resource's own life cycle is configuring one of them. */
export class ProviderRegistry {
  private readonly instances = new Map<string, ProviderInstance>();
  /** Checked, not configured yet; by URN. */
  private readonly unconfigured = new Map<string, Provider>();
  private readonly opened = new Set<Provider>();
  private readonly aliases = new Map<string, string>();

  constructor(
    private readonly host: ProviderHost,
    private readonly warn: (text: string) => void,
  ) {}

  get(reference: { urn: string; id: string }): ProviderInstance | undefined {
    return this.instances.get(formatReference(reference));
  }

  /** A provider resource that was renamed answers to its old name too. */
  alias(urn: string, old: string): void {
    this.aliases.set(urn, old);
  }

  /** Errors: nothing serves the package; ProviderError. */
  async check(urn: string, olds: WireObject, news: WireObject): Promise<Checked> {
    const provider = await this.load(urn, news);
    const config = withoutInternal(news);
    const checked = await provider.checkConfig({
      urn,
      olds: revealAll(withoutInternal(olds)),
      news: revealAll(config),
    });
    if (checked.failures.length > 0) return { inputs: {}, failures: checked.failures };
    this.unconfigured.set(urn, provider);
    const inputs = annotateSecrets(checked.inputs, config);
    const version = news['version'];
    if (version !== undefined && inputs['version'] === undefined) inputs['version'] = version;
    const internal = news[INTERNAL];
    if (internal !== undefined) inputs[INTERNAL] = internal;
    return { inputs, failures: [] };
  }

  async diff(call: DiffCall): Promise<ProviderDiff> {
    const { urn, id, ignoreChanges } = call;
    const provider = this.unconfigured.get(urn) ?? this.get({ urn, id })?.provider;
    if (!provider) throw new Error(`unknown provider '${formatReference({ urn, id })}'`);
    const diff = await provider.diffConfig({
      urn,
      oldInputs: revealAll(withoutInternal(call.oldInputs)),
      oldOutputs: revealAll(call.olds),
      news: revealAll(withoutInternal(call.news)),
      ignoreChanges,
    });
    if (diff.changes !== 'unknown') return diff;
    return { ...diff, changes: equal(call.olds, withoutInternal(call.news)) ? 'none' : 'some' };
  }

  /** Configures a provider that stays as the state has it. `fromCheck`: the one that was just checked serves. */
  async same(state: ResourceState, fromCheck: boolean): Promise<void> {
    const id = state.id ?? '';
    if (id === '' || id === UNKNOWN) throw new Error(`provider '${state.urn}' has an unknown ID`);
    const reference = { urn: state.urn, id };
    if (this.get(reference)) return;
    const inputs = state.inputs ?? {};
    const provider = (fromCheck ? this.take(state.urn) : undefined) ?? (await this.load(state.urn, inputs));
    await this.configure(reference, provider, inputs);
  }

  async create(state: ResourceState, preview: boolean): Promise<{ id: string; properties: WireObject }> {
    const inputs = state.inputs ?? {};
    const provider = this.take(state.urn) ?? (await this.load(state.urn, inputs));
    const id = preview ? UNKNOWN : randomUUID();
    await this.configure({ urn: state.urn, id }, provider, inputs);
    return { id, properties: withoutInternal(inputs) };
  }

  async update(old: ResourceState, fresh: ResourceState): Promise<{ properties: WireObject }> {
    const inputs = fresh.inputs ?? {};
    const provider = this.take(fresh.urn) ?? (await this.load(fresh.urn, inputs));
    await this.configure({ urn: fresh.urn, id: old.id ?? '' }, provider, inputs);
    return { properties: withoutInternal(inputs) };
  }

  delete(state: ResourceState): void {
    this.instances.delete(formatReference({ urn: state.urn, id: state.id ?? '' }));
  }

  /** What the provider would do with another configuration: for a resource that moves from one provider to another. */
  async diffConfig(urn: string, olds: ResourceState, news: ResourceState): Promise<ProviderDiff> {
    return this.diff({
      urn,
      id: news.id ?? '',
      oldInputs: olds.inputs ?? {},
      olds: olds.outputs ?? {},
      news: news.inputs ?? {},
      ignoreChanges: [],
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.opened].map((provider) => provider.close()));
  }

  private take(urn: string): Provider | undefined {
    const provider = this.unconfigured.get(urn);
    this.unconfigured.delete(urn);
    return provider;
  }

  private async configure(
    reference: { urn: string; id: string },
    provider: Provider,
    inputs: WireObject,
  ): Promise<void> {
    const config = withoutInternal(inputs);
    const { version: _, ...settings } = config;
    const instance = new ProviderInstance(
      provider,
      hasUnknowns(settings) ? 'unknown' : await configured(provider, { ...reference, inputs: config }),
    );
    this.instances.set(formatReference(reference), instance);
    const alias = this.aliases.get(reference.urn);
    if (alias) this.instances.set(formatReference({ urn: alias, id: reference.id }), instance);
  }

  private async load(urn: string, inputs: WireObject): Promise<Provider> {
    const internal = inputs[INTERNAL];
    if (internal && typeof internal === 'object' && 'parameterization' in internal) {
      throw new Error(`provider '${urn}': parameterized providers are not supported by the embedded engine`);
    }
    const packageName = providerPackage(typeOf(urn));
    const version = inputs['version'];
    const provider = await this.host(packageName, typeof version === 'string' ? version : '');
    if (!provider) {
      throw new Error(
        packageName === 'pulumi-nodejs'
          ? 'dynamic providers (pulumi-nodejs) are not supported by the embedded engine'
          : `no provider serves package '${packageName}': the embedded engine uses the sandbox's and those that PULUMI_DEBUG_PROVIDERS names`,
      );
    }
    this.opened.add(provider);
    if (typeof version === 'string') await this.compareVersions(packageName, version, provider);
    return provider;
  }

  /** Warns of a provider older than its configuration asks for; one that tells no version of its own is not asked. */
  private async compareVersions(name: string, expected: string, provider: Provider): Promise<void> {
    const found = await provider.version?.();
    if (found === undefined || (found !== '' && new SemVer(found).compare(expected) >= 0)) return;
    this.warn(
      `resource plugin ${name} is expected to have version >=${expected}, but has ${found}; ` +
        'the wrong version may be on your path, or this may be a bug in the plugin',
    );
  }
}

async function configured(
  provider: Provider,
  call: Parameters<Provider['configure']>[0],
): Promise<'known' | Error> {
  try {
    await provider.configure(call);
    return 'known';
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return error;
  }
}

export function withoutInternal(inputs: WireObject): WireObject {
  const { [INTERNAL]: _, ...config } = inputs;
  return config;
}
