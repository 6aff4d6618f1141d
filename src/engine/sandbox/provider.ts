import type { Fault } from '../../core/project';
import type { Instant } from '../../core/time';
import {
  type CheckFailure,
  type Provider,
  type ProviderDiff,
  ProviderError,
  type ResourceCall,
  type WireObject,
} from '../embedded/provider';
import { parseUrn } from '../embedded/urn';
import { hasUnknowns, isPlain, mapValues, reveal, revealAll } from '../embedded/wire';
import { pause } from './clock';
import type { Cloud } from './cloud';
import { compare } from './compare';
import { type Dialect, imagesOf, wantedPods } from './dialect';
import { befalling, isUnhealthy, latencyOf, type Target } from './fault';
import { foreign } from './functions/given';
import { invoke } from './invoke';
import { accountOf, digest, type Facts, type Site } from './overlay/overlay';
import { type Made, Refusal, type Resource, type ResourceKey, ResponseLost } from './resource';
import { schemaOf } from './schema';
import { blur, seal, taint, unseal } from './secrecy';
import { validate } from './validate';

const GONE = { id: '', inputs: {}, properties: {} };

/** Between two attempts, in real milliseconds: much shorter than with a real cloud, and as there twice as long each time. */
const FIRST_BACKOFF = 5;
const LONGEST_BACKOFF = 500;

type CallOf<K extends keyof Provider> = Parameters<NonNullable<Provider[K]>>[0];

/** One configured provider of the sandbox. Refusals of the cloud are ProviderErrors. */
export class SandboxProvider implements Provider {
  #config: WireObject = {};
  #stack = '';
  /** URN → name of the resource that another is about to take the place of. */
  readonly #retiring = new Map<string, string>();

  constructor(
    private readonly cloud: Cloud,
    private readonly dialect: Dialect,
  ) {}

  async checkConfig(
    call: CallOf<'checkConfig'>,
  ): Promise<{ inputs: WireObject; failures: readonly CheckFailure[] }> {
    const schema = schemaOf(`pulumi:providers:${this.dialect.packageName}`);
    const { version: _version, pluginDownloadURL: _url, ...inputs } = call.news;
    return { inputs: call.news, failures: schema ? validate(schema, parsed(inputs)) : [] };
  }

  async diffConfig(call: CallOf<'diffConfig'>): Promise<ProviderDiff> {
    return compare({
      olds: call.oldInputs,
      news: call.news,
      replace: this.dialect.replaceConfig,
      ignoreChanges: call.ignoreChanges,
      isExclusive: false,
    });
  }

  async configure(call: CallOf<'configure'>): Promise<void> {
    this.#config = parsed(revealAll(call.inputs));
    this.#stack = parseUrn(call.urn).stack;
  }

  async check(call: CallOf<'check'>): Promise<{ inputs: WireObject; failures: readonly CheckFailure[] }> {
    const retired = this.#retiring.get(call.urn) ?? '';
    const checked = this.dialect.check({
      ...call,
      config: this.#config,
      suffix: (length) => digest(length, this.cloud.settings.seed, call.urn, 'name', retired),
    });
    const old = this.dialect.nameOf(call.type, call.olds);
    if (old !== undefined) this.#retiring.set(call.urn, old);
    return checked;
  }

  async diff(call: CallOf<'diff'>): Promise<ProviderDiff> {
    return this.#delayed(this.#target(call, call.news), undefined, () =>
      compare({
        olds: call.oldInputs,
        news: call.news,
        replace: this.dialect.replace(call.type, this.#config, call.news),
        ignoreChanges: call.ignoreChanges,
        isExclusive: this.dialect.isExclusive(call.type, call.oldInputs, call.news),
      }),
    );
  }

  async create(call: CallOf<'create'>): Promise<{ id: string; properties: WireObject }> {
    const { urn, type, name, properties: inputs } = call;
    const target = this.#target(call, inputs);
    return this.#delayed(target, call.preview ? undefined : urn, () => {
      if (call.preview) return { id: '', properties: this.dialect.foresee(call, inputs, this.#site(urn)) };
      const place = { stack: target.stack, scope: this.#scope() };
      let outputs: WireObject = {};
      const made = this.cloud.create({ ...place, urn, type, name }, target, (births, created) => {
        const facts = this.#facts(call, inputs, { id: '', births, revision: 1, created });
        const id = this.dialect.idOf(type, facts);
        outputs = this.#outputs(target, { ...facts, id }, inputs, {});
        return this.#made(target, id, inputs, outputs);
      });
      return { id: made.id, properties: outputs };
    });
  }

  async read(call: CallOf<'read'>): Promise<{ id: string; inputs: WireObject; properties: WireObject }> {
    const target = this.#target(call, call.inputs);
    return this.#delayed(target, call.urn, () => {
      const id = this.dialect.wholeId(call.type, call.id);
      const resource = this.cloud.look(this.#key({ ...call, id }), target);
      // What a program asks for without managing it is known by having no inputs yet.
      const isAsked = Object.keys(call.inputs).length === 0;
      if (!resource) return isAsked ? foreign(this.cloud, this.#site(call.urn), call.type, id) : GONE;
      return {
        id: resource.id,
        inputs: unseal(resource.inputs, call.inputs),
        properties: unseal(resource.outputs, call.properties),
      };
    });
  }

  async update(call: CallOf<'update'>): Promise<{ properties: WireObject }> {
    const target = this.#target(call, call.news);
    return this.#delayed(target, call.preview ? undefined : call.urn, () => {
      const renew = (resource: Resource, revision: number): WireObject =>
        this.#outputs(
          target,
          this.#facts(call, call.news, { ...resource, revision }),
          call.news,
          call.olds,
          call.preview ? resource.ready : undefined,
        );
      if (call.preview) {
        const resource = this.cloud.get(this.#key(call));
        // Somebody removed it by hand: the update itself will say so.
        if (!resource) return { properties: { ...call.olds, ...call.news } };
        const properties = renew(resource, resource.revision);
        return { properties: hasUnknowns(call.news) ? (blur(properties) as WireObject) : properties };
      }
      let properties: WireObject = {};
      this.cloud.update(this.#key(call), target, (resource) => {
        properties = renew(resource, resource.revision + 1);
        return this.#made(target, resource.id, call.news, properties);
      });
      return { properties };
    });
  }

  async delete(call: CallOf<'delete'>): Promise<void> {
    const target = this.#target(call, call.oldInputs);
    return this.#delayed(target, call.urn, () => this.cloud.remove(this.#key(call), target));
  }

  async invoke(call: CallOf<'invoke'>): Promise<{ result: WireObject; failures: readonly CheckFailure[] }> {
    const target = { stack: this.#stack, type: call.token, name: '', images: [] };
    return this.#delayed(target, call.token, () =>
      invoke({
        cloud: this.cloud,
        site: this.#siteOf(this.#stack),
        token: call.token,
        args: revealAll(call.args),
      }),
    );
  }

  async find(
    call: ResourceCall,
  ): Promise<readonly { id: string; inputs: WireObject; properties: WireObject }[]> {
    return this.cloud.born(call.urn).map(({ id, inputs, outputs }) => ({
      id,
      inputs: unseal(inputs, {}),
      properties: unseal(outputs, {}),
    }));
  }

  async close(): Promise<void> {
    // The cloud belongs to whoever opened it.
  }

  /**
   * Half of a latency lies before the effect and half after it; the work itself is one synchronous transaction. `asked` is
   * what the cloud is asked about; undefined where the provider finds the answer by itself.
   */
  async #delayed<T>(target: Target, asked: string | undefined, work: () => T): Promise<T> {
    const faults = befalling(this.cloud.settings, target);
    const latency = latencyOf(faults);
    try {
      if (asked !== undefined) await this.#insist(faults, latency, target.stack, asked);
      if (latency > 0) await pause(latency / 2);
      const result = work();
      if (latency > 0) await pause(latency / 2);
      return result;
    } catch (error) {
      if (error instanceof Refusal || error instanceof ResponseLost) throw new ProviderError(error.message);
      throw error;
    }
  }

  /** Tries again while the cloud refuses for being asked too often, as the real providers do, until patience ends. */
  async #insist(faults: readonly Fault[], latency: number, stack: string, asked: string): Promise<void> {
    const { attempts, message } = this.dialect.patience(this.#config);
    for (let attempt = 1; !this.cloud.admit(faults, stack, asked); attempt++) {
      if (attempt >= attempts) throw new Refusal(message);
      await pause(latency + Math.min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** (attempt - 1)));
    }
  }

  #target({ urn, type, name }: ResourceCall, inputs: WireObject): Target {
    const { faults } = this.cloud.settings;
    // Without faults nobody looks at the images.
    const images = faults.length > 0 ? imagesOf(type, revealAll(inputs)) : [];
    return { stack: parseUrn(urn).stack, type, name, images };
  }

  #scope(): string {
    return this.dialect.scopeOf(this.#config);
  }

  #key(call: ResourceCall & { readonly id: string }): ResourceKey {
    return { stack: parseUrn(call.urn).stack, scope: this.#scope(), type: call.type, id: call.id };
  }

  #site(urn: string): Site {
    return this.#siteOf(parseUrn(urn).stack);
  }

  #siteOf(stack: string): Site {
    const { seed } = this.cloud.settings;
    const shared = this.#config['defaultTags'];
    const tags = isPlain(shared) ? shared['tags'] : undefined;
    return {
      seed,
      stack,
      account: accountOf(seed, stack),
      region: this.dialect.regionOf(this.#config),
      tags: isPlain(tags) ? tags : {},
    };
  }

  #facts(
    call: ResourceCall,
    inputs: WireObject,
    born: { id: string; births: number; revision: number; created: Instant },
  ): Facts {
    const site = this.#site(call.urn);
    const { id, births, revision, created } = born;
    const own = reveal(inputs['region'] ?? null);
    return {
      ...site,
      // Since version 7 of the AWS provider a resource may name a region of its own.
      region: this.dialect.packageName === 'aws' && typeof own === 'string' && own !== '' ? own : site.region,
      ...{ urn: call.urn, name: call.name, id, births, revision, created, inputs: revealAll(inputs) },
      lookup: (type, other) =>
        this.cloud.get({ stack: site.stack, scope: this.#scope(), type, id: other })?.outputs,
    };
  }

  #outputs(target: Target, facts: Facts, inputs: WireObject, before: WireObject, kept?: number): WireObject {
    const ready = kept ?? this.#ready(target, facts.inputs);
    return taint(this.dialect.outputs(target.type, { facts, inputs, before, ready }), inputs);
  }

  #ready(target: Target, inputs: WireObject): number | undefined {
    const wanted = wantedPods(target.type, inputs);
    return wanted !== undefined && isUnhealthy(befalling(this.cloud.settings, target)) ? 0 : wanted;
  }

  #made(target: Target, id: string, inputs: WireObject, outputs: WireObject): Made {
    const sensitive = this.dialect.sensitive(target.type);
    const ready = this.#ready(target, revealAll(inputs));
    return {
      id,
      inputs: seal(inputs, sensitive),
      outputs: seal(outputs, sensitive),
      hosts: this.dialect.hosts(target.type, revealAll(outputs)),
      ...(ready === undefined ? {} : { ready }),
    };
  }
}

/** Nested provider configuration arrives as JSON in strings. */
function parsed(inputs: WireObject): WireObject {
  return mapValues(inputs, (value) => {
    if (typeof value !== 'string' || !/^([[{]|true$|false$)/.test(value)) return value;
    try {
      return JSON.parse(value);
    } catch {
      // A kubeconfig or another text that only begins like JSON.
      return value;
    }
  });
}
