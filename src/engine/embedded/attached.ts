import * as grpc from '@grpc/grpc-js';
import type { PluginInfo } from '@pulumi/pulumi/proto/plugin_pb';
import { ResourceProviderClient } from '@pulumi/pulumi/proto/provider_grpc_pb';
import * as protocol from '@pulumi/pulumi/proto/provider_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import type { Struct } from 'google-protobuf/google/protobuf/struct_pb';
import { keepAssets } from './asset';
import type { Provider, ProviderDiff, ProviderHost, WireObject } from './provider';
import { ProviderError } from './provider';
import {
  diffOf,
  failuresOf,
  isServiceError,
  plainStruct,
  providerError,
  refuseMalformed,
  toStruct,
  UNKNOWN_DIFF,
} from './provider-protocol';
import { keepReferences, showReferences } from './reference';
import { fromStruct } from './request';
import { providerPackage, typeOf } from './urn';
import { annotateSecrets, mapValues, revealAll } from './wire';

/**
 * Providers that listen on a loopback port, as `PULUMI_DEBUG_PROVIDERS` lists them: `aws:41000,kubernetes:41001`.
 * Throws on an entry that is not `<package>:<port>`.
 */
export function attachedProviders(list: string): ProviderHost {
  const ports = new Map<string, number>();
  for (const entry of list.split(',').filter((text) => text.trim() !== '')) {
    const match = /^\s*([\w-]+):(\d+)\s*$/.exec(entry);
    if (!match?.[1])
      throw new Error(`PULUMI_DEBUG_PROVIDERS: ${JSON.stringify(entry)} is not <package>:<port>`);
    ports.set(match[1], Number(match[2]));
  }
  return async (packageName) => {
    const port = ports.get(packageName);
    return port === undefined ? undefined : new AttachedProvider(`127.0.0.1:${port}`);
  };
}

type Call<Response> = (
  done: (error: grpc.ServiceError | null, response: Response) => void,
) => grpc.ClientUnaryCall;

/** A provider behind the protocol of Pulumi's plugins. Errors are ProviderErrors. */
class AttachedProvider implements Provider {
  private readonly client: ResourceProviderClient;
  private acceptsSecrets = false;
  private supportsPreview = false;

  constructor(address: string) {
    this.client = new ResourceProviderClient(address, grpc.credentials.createInsecure(), {
      'grpc.max_receive_message_length': 400 * 1024 * 1024,
      'grpc.max_send_message_length': 400 * 1024 * 1024,
      // A connection of its own, as the real engine makes one for each provider: a server may tell them apart by it.
      'grpc.use_local_subchannel_pool': 1,
    });
  }

  async checkConfig(call: Parameters<Provider['checkConfig']>[0]): ReturnType<Provider['checkConfig']> {
    const request = new protocol.CheckRequest();
    request.setUrn(call.urn);
    request.setOlds(plainStruct(call.olds));
    request.setNews(plainStruct(call.news));
    const response = await this.optional<protocol.CheckResponse>((done) =>
      this.client.checkConfig(request, done),
    );
    if (!response) return { inputs: call.news, failures: [] };
    return { inputs: fromStruct(response.getInputs()), failures: failuresOf(response) };
  }

  async diffConfig(call: Parameters<Provider['diffConfig']>[0]): Promise<ProviderDiff> {
    const request = new protocol.DiffRequest();
    request.setUrn(call.urn);
    request.setOldInputs(plainStruct(call.oldInputs));
    request.setOlds(plainStruct(call.oldOutputs));
    request.setNews(plainStruct(call.news));
    request.setIgnorechangesList([...call.ignoreChanges]);
    const response = await this.optional<protocol.DiffResponse>((done) =>
      this.client.diffConfig(request, done),
    );
    return response ? diffOf(response) : UNKNOWN_DIFF;
  }

  async configure({ urn, id, inputs }: Parameters<Provider['configure']>[0]): Promise<void> {
    const request = new protocol.ConfigureRequest();
    request.setUrn(urn);
    request.setName(urn.slice(urn.lastIndexOf('::') + 2));
    request.setType(typeOf(urn));
    if (id) request.setId(id);
    request.setAcceptsecrets(true);
    request.setAcceptresources(true);
    request.setSendsOldInputs(true);
    request.setSendsOldInputsToDelete(true);
    request.setArgs(toStruct(inputs));
    const variables = request.getVariablesMap();
    const prefix = `${providerPackage(typeOf(urn))}:config:`;
    for (const [key, value] of Object.entries(revealAll(inputs))) {
      if (key !== 'version')
        variables.set(prefix + key, typeof value === 'string' ? value : JSON.stringify(value));
    }
    const response = await this.call<protocol.ConfigureResponse>((done) =>
      this.client.configure(request, done),
    );
    this.acceptsSecrets = response.getAcceptsecrets();
    this.supportsPreview = response.getSupportspreview();
  }

  async check(call: Parameters<Provider['check']>[0]): ReturnType<Provider['check']> {
    const request = new protocol.CheckRequest();
    this.address(request, call);
    request.setOlds(this.struct(call.olds));
    request.setNews(this.struct(call.news));
    request.setRandomseed(call.randomSeed);
    const response = await this.call<protocol.CheckResponse>((done) => this.client.check(request, done));
    return {
      inputs: this.received(fromStruct(response.getInputs()), call.news),
      failures: failuresOf(response),
    };
  }

  async diff(call: Parameters<Provider['diff']>[0]): Promise<ProviderDiff> {
    const request = new protocol.DiffRequest();
    this.address(request, call);
    request.setId(call.id);
    request.setOldInputs(this.struct(call.oldInputs));
    request.setOlds(this.struct(call.olds));
    request.setNews(this.struct(call.news));
    request.setIgnorechangesList([...call.ignoreChanges]);
    return diffOf(await this.call<protocol.DiffResponse>((done) => this.client.diff(request, done)));
  }

  async create(call: Parameters<Provider['create']>[0]): ReturnType<Provider['create']> {
    if (call.preview && !this.supportsPreview) return { id: '', properties: call.properties };
    const request = new protocol.CreateRequest();
    this.address(request, call);
    request.setProperties(this.struct(call.properties));
    request.setPreview(call.preview);
    request.setTimeout(call.timeout);
    const response = await this.call<protocol.CreateResponse>((done) => this.client.create(request, done));
    if (!call.preview && response.getId() === '') {
      throw new ProviderError(`plugin returned empty resource.ID from create '${call.urn}'`);
    }
    return {
      id: response.getId(),
      properties: this.received(fromStruct(response.getProperties()), call.properties),
    };
  }

  async read(call: Parameters<Provider['read']>[0]): ReturnType<Provider['read']> {
    const request = new protocol.ReadRequest();
    this.address(request, call);
    request.setId(call.id);
    request.setInputs(this.struct(call.inputs));
    request.setProperties(this.struct(call.properties));
    const response = await this.call<protocol.ReadResponse>((done) => this.client.read(request, done));
    const properties = response.getProperties();
    for (const told of [properties, response.getInputs()]) refuseMalformed(fromStruct(told));
    const isGone = response.getId() === '' || !properties;
    return {
      id: isGone ? '' : response.getId(),
      inputs: response.hasInputs()
        ? this.received(fromStruct(response.getInputs()), call.inputs)
        : call.inputs,
      properties: this.received(fromStruct(properties), call.properties),
    };
  }

  async update(call: Parameters<Provider['update']>[0]): ReturnType<Provider['update']> {
    if (call.preview && !this.supportsPreview) return { properties: call.news };
    const request = new protocol.UpdateRequest();
    this.address(request, call);
    request.setId(call.id);
    request.setOldInputs(this.struct(call.oldInputs));
    request.setOlds(this.struct(call.olds));
    request.setNews(this.struct(call.news));
    request.setPreview(call.preview);
    request.setTimeout(call.timeout);
    request.setIgnorechangesList([...call.ignoreChanges]);
    const response = await this.call<protocol.UpdateResponse>((done) => this.client.update(request, done));
    return { properties: this.received(fromStruct(response.getProperties()), call.news) };
  }

  async delete(call: Parameters<Provider['delete']>[0]): Promise<void> {
    const request = new protocol.DeleteRequest();
    this.address(request, call);
    request.setId(call.id);
    request.setOldInputs(this.struct(call.oldInputs));
    request.setProperties(this.struct(call.properties));
    request.setTimeout(call.timeout);
    await this.call<unknown>((done) => this.client.delete(request, done));
  }

  async invoke(call: Parameters<Provider['invoke']>[0]): ReturnType<Provider['invoke']> {
    const request = new protocol.InvokeRequest();
    request.setTok(call.token);
    request.setArgs(this.struct(call.args));
    request.setPreview(call.preview === true);
    const response = await this.call<protocol.InvokeResponse>((done) => this.client.invoke(request, done));
    return { result: fromStruct(response.getReturn()), failures: failuresOf(response) };
  }

  async version(): Promise<string | undefined> {
    const info = await this.optional<PluginInfo>((done) => this.client.getPluginInfo(new Empty(), done));
    return info?.getVersion();
  }

  async close(): Promise<void> {
    this.client.close();
  }

  private address(
    request: { setUrn(urn: string): unknown; setName(name: string): unknown; setType(type: string): unknown },
    call: { urn: string; type: string; name: string },
  ): void {
    request.setUrn(call.urn);
    request.setType(call.type);
    request.setName(call.name);
  }

  private struct(values: WireObject): Struct {
    const shown = mapValues(values, showReferences);
    return toStruct(this.acceptsSecrets ? shown : revealAll(shown));
  }

  private received(values: WireObject, sent: WireObject): WireObject {
    const kept = mapValues(values, (value) => keepReferences(keepAssets(value)));
    return this.acceptsSecrets ? kept : annotateSecrets(kept, sent);
  }

  /** Of configurations: undefined where the provider does not know the method. The real engine shows these errors raw. */
  private async optional<Response>(call: Call<Response>): Promise<Response | undefined> {
    try {
      return await answerOf(call);
    } catch (error) {
      if (isServiceError(error) && error.code === grpc.status.UNIMPLEMENTED) return undefined;
      throw isServiceError(error) ? new ProviderError(rawMessage(error)) : providerError(error);
    }
  }

  private async call<Response>(call: Call<Response>): Promise<Response> {
    try {
      return await answerOf(call);
    } catch (error) {
      throw providerError(error);
    }
  }
}

/** As Go prints an error of gRPC. */
function rawMessage({ code, details }: grpc.ServiceError): string {
  const words = (grpc.status[code] ?? 'UNKNOWN').split('_');
  const name = words.map((word) => word.charAt(0) + word.slice(1).toLowerCase()).join('');
  return `rpc error: code = ${name === 'Cancelled' ? 'Canceled' : name} desc = ${details}`;
}

function answerOf<Response>(call: Call<Response>): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => {
      if (error) reject(error);
      else resolve(response);
    });
  });
}
