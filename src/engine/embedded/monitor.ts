import { randomUUID } from 'node:crypto';
import { CheckFailure } from '@pulumi/pulumi/proto/provider_pb';
import * as protocol from '@pulumi/pulumi/proto/resource_pb';
import { Struct } from 'google-protobuf/google/protobuf/struct_pb';
import { Arrivals } from './arrivals';
import { hashAssets } from './asset';
import { type Configuration, defaultGoal, refuseDenied } from './default-provider';
import type { Demand, Goal } from './goal';
import type { PackageRequest } from './package';
import type { WireObject } from './provider';
import { INTERNAL, type ProviderRegistry } from './provider-registry';
import { keepReferences } from './reference';
import {
  fromStruct,
  parseHidden,
  parseRead,
  parseRegistration,
  parseTimeouts,
  Unsupported,
  type Wish,
} from './request';
import type { Answer } from './step';
import { formatReference, isProviderType, packageOf, parseReference, providerPackage, typeOf } from './urn';
import { hasUnknowns, mapValues, reveal } from './wire';

export interface MonitorSettings extends Configuration {
  readonly isDry: boolean;
  /** What requests mean that name no version, by package name. */
  readonly packages: ReadonlyMap<string, PackageRequest>;
  /** The program asks for one thing after the other. */
  readonly isSerial: boolean;
}

/** What the program talks to: turns its requests into demands on the engine, and answers into responses. */
export class Monitor {
  private readonly goals = new Map<string, Goal>();
  private readonly componentProviders = new Map<string, ReadonlyMap<string, string>>();
  private readonly defaults = new Map<string, Promise<string>>();
  private readonly packages = new Map<string, PackageRequest>();
  private readonly arrivals: Arrivals;

  constructor(
    private readonly settings: MonitorSettings,
    private readonly registry: ProviderRegistry,
    private readonly demand: (demand: Demand) => void,
  ) {
    this.arrivals = new Arrivals(settings.isSerial);
  }

  async register(request: protocol.RegisterResourceRequest): Promise<protocol.RegisterResourceResponse> {
    const parsed = parseRegistration(request);
    await this.arrivals.turn(parsed.custom && !isProviderType(parsed.type) ? 'served' : 'unserved');
    const wish = this.inherit({ ...parsed, inputs: received(parsed.inputs), ...receivedTrigger(parsed) });
    const isProvider = isProviderType(wish.type);
    const providers = this.providersOf(request, wish);
    const served = isProvider
      ? { ...wish, inputs: this.withVersion(request, wish.inputs), provider: '' }
      : { ...wish, provider: wish.custom ? await this.provider(request, wish, providers) : '' };
    const goal = {
      ...served,
      hideDiff: parseHidden(served.hideDiff),
      customTimeouts: parseTimeouts(request.getCustomtimeouts()),
    };
    const answer = await this.ask({ kind: 'register', goal });
    const { state } = answer;
    this.goals.set(state.urn, { ...goal, provider: isProvider ? '' : goal.provider || wish.provider });
    if (!goal.custom) this.componentProviders.set(state.urn, providers);
    const response = new protocol.RegisterResourceResponse();
    response.setUrn(state.urn);
    response.setId(state.id ?? '');
    const known = Object.entries(goal.custom ? (state.outputs ?? {}) : {}).filter(
      ([, value]) => request.getSupportspartialvalues() || !hasUnknowns(value),
    );
    response.setObject(toStruct(Object.fromEntries(known), request.getAcceptsecrets()));
    if (answer.result !== 'success') response.setResult(protocol.Result.FAIL);
    if (answer.unknown) response.setUnknown(true);
    return response;
  }

  async outputs(request: protocol.RegisterResourceOutputsRequest): Promise<void> {
    await this.arrivals.turn('outputs');
    await new Promise<void>((done) => {
      this.demand({
        kind: 'outputs',
        urn: request.getUrn(),
        outputs: received(fromStruct(request.getOutputs())),
        done,
      });
    });
  }

  async read(request: protocol.ReadResourceRequest): Promise<protocol.ReadResourceResponse> {
    const wish = parseRead(request);
    await this.arrivals.turn('served');
    const provider =
      wish.provider || isProviderType(wish.type)
        ? wish.provider
        : await this.defaultProvider(this.packageOf(request, wish.type));
    const { state } = await this.ask({ kind: 'read', goal: { ...wish, provider } });
    const response = new protocol.ReadResourceResponse();
    response.setUrn(state.urn);
    response.setProperties(toStruct(state.outputs ?? {}, request.getAcceptsecrets()));
    return response;
  }

  async invoke(request: protocol.ResourceInvokeRequest): Promise<protocol.ResourceInvokeResponse> {
    const token = request.getTok();
    const inherited = this.componentProviders.get(request.getParent())?.get(packageOf(token));
    const reference = request.getProvider() || inherited || (await this.lookedFor(request, token));
    const instance = this.registry.get(parseReference(reference));
    if (!instance) throw new Error(`Invoke: unknown provider '${reference}'`);
    const args = Object.entries(fromStruct(request.getArgs())).filter(([, value]) => !hasUnknowns(value));
    const { result, failures } = await instance
      .invoke(token, Object.fromEntries(args), this.settings.isDry)
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`invocation of ${token} returned an error: ${reason}`);
      });
    const response = new protocol.ResourceInvokeResponse();
    response.setReturn(toStruct(result, true));
    response.setFailuresList(
      failures.map(({ property, reason }) => {
        const failure = new CheckFailure();
        failure.setProperty(property);
        failure.setReason(reason);
        return failure;
      }),
    );
    return response;
  }

  registerPackage(request: protocol.RegisterPackageRequest): protocol.RegisterPackageResponse {
    if (request.hasParameterization() || request.hasExtension$()) {
      throw new Unsupported(`package ${request.getName()}: parameterized providers`);
    }
    const reference = randomUUID();
    this.packages.set(reference, {
      name: request.getName(),
      version: request.getVersion(),
      url: request.getDownloadUrl(),
    });
    const response = new protocol.RegisterPackageResponse();
    response.setRef(reference);
    return response;
  }

  private async ask(
    demand: { kind: 'register'; goal: Goal } | { kind: 'read'; goal: ReturnType<typeof parseRead> },
  ): Promise<Answer> {
    return new Promise<Answer>((answer) => {
      if (demand.kind === 'register') this.demand({ ...demand, answer });
      else this.demand({ ...demand, answer });
    });
  }

  /** What a child takes over from its parent where it says nothing itself. */
  private inherit(goal: Wish): Wish {
    const parent = goal.parent ? this.goals.get(goal.parent) : undefined;
    if (!parent) return goal;
    const inherited = {
      ...goal,
      deletedWith: goal.deletedWith || parent.deletedWith,
      ...(goal.protect === undefined && parent.protect !== undefined ? { protect: parent.protect } : {}),
      ...(goal.retainOnDelete === undefined && parent.retainOnDelete !== undefined
        ? { retainOnDelete: parent.retainOnDelete }
        : {}),
    };
    if (goal.provider || !parent.provider) return inherited;
    const serves = providerPackage(typeOf(parseReference(parent.provider).urn));
    return !goal.custom || serves === packageOf(goal.type)
      ? { ...inherited, provider: parent.provider }
      : inherited;
  }

  /** The providers that a component hands to its children. */
  private providersOf(request: protocol.RegisterResourceRequest, goal: Wish): ReadonlyMap<string, string> {
    const providers = new Map<string, string>(goal.custom ? [] : this.componentProviders.get(goal.parent));
    request.getProvidersMap().forEach((reference, name) => {
      providers.set(name, reference);
    });
    return providers;
  }

  private async provider(
    request: protocol.RegisterResourceRequest,
    goal: Wish,
    providers: ReadonlyMap<string, string>,
  ): Promise<string> {
    const name = packageOf(goal.type);
    return (
      goal.provider ||
      providers.get(name) ||
      this.componentProviders.get(goal.parent)?.get(name) ||
      this.defaultProvider(this.packageOf(request, goal.type))
    );
  }

  private packageOf(
    request: { getPackageref(): string; getVersion(): string; getPlugindownloadurl(): string },
    type: string,
  ): PackageRequest {
    const reference = request.getPackageref();
    if (reference !== '') {
      const known = this.packages.get(reference);
      if (!known) throw new Error(`unknown provider package '${reference}'`);
      return known;
    }
    const name = packageOf(type);
    return { name, version: request.getVersion(), url: request.getPlugindownloadurl() };
  }

  /** Not before what was asked for at the same time and needs none. */
  private async lookedFor(request: protocol.ResourceInvokeRequest, token: string): Promise<string> {
    await this.arrivals.turn('served');
    return this.defaultProvider(this.packageOf(request, token));
  }

  /** The engine's own provider of a package, made when first needed. */
  private defaultProvider(asked: PackageRequest): Promise<string> {
    const usual = this.settings.packages.get(asked.name);
    const request = {
      name: asked.name,
      version: asked.version || (usual?.version ?? ''),
      url: asked.url || (usual?.url ?? ''),
    };
    const key = `${request.name} ${request.version} ${request.url}`;
    const known = this.defaults.get(key);
    if (known) return known;
    refuseDenied(request.name, this.settings);
    const made = this.ask({ kind: 'register', goal: defaultGoal(request, this.settings) }).then(({ state }) =>
      formatReference({ urn: state.urn, id: state.id ?? '' }),
    );
    this.defaults.set(key, made);
    return made;
  }

  private withVersion(request: protocol.RegisterResourceRequest, inputs: WireObject): WireObject {
    const own = this.packageOf(request, '');
    const isOpen = own.version === '' && own.url === '';
    // A provider of the program's own takes the plugin that the engine's own would take.
    const { version, url } =
      (isOpen && this.settings.packages.get(providerPackage(request.getType()))) || own;
    if (version === '' && url === '') return inputs;
    return {
      ...inputs,
      [INTERNAL]: url === '' ? {} : { pluginDownloadURL: url },
      ...(version === '' ? {} : { version }),
    };
  }
}

/** Values of the program's as the engine keeps them. */
function received(values: WireObject, what = 'unmarshal properties'): WireObject {
  try {
    return mapValues(hashAssets(values), keepReferences);
  } catch (error) {
    throw new Error(`${what}: ${error instanceof Error ? error.message : error}`);
  }
}

function receivedTrigger({ replacementTrigger }: Wish): WireObject {
  if (replacementTrigger === undefined) return {};
  return received({ replacementTrigger }, 'unmarshaling replacement trigger');
}

export function toStruct(values: WireObject, keepsSecrets: boolean): Struct {
  const shown = keepsSecrets ? values : mapValues(values, reveal);
  return Struct.fromJavaScript(shown as Parameters<typeof Struct.fromJavaScript>[0]);
}
