import * as grpc from '@grpc/grpc-js';
import * as plugin from '@pulumi/pulumi/proto/plugin_pb';
import * as protocol from '@pulumi/pulumi/proto/provider_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { callOf } from '../embedded/instance';
import { type CheckFailure, type DiffKind, type Provider, ProviderError } from '../embedded/provider';
import { toStruct } from '../embedded/provider-protocol';
import { fromStruct } from '../embedded/request';

/** The methods of pulumirpc.ResourceProvider over the provider that `of` finds for a call's connection. */
export function providerMethods(
  of: (peer: string) => Provider,
  version: string | undefined,
): grpc.UntypedServiceImplementation {
  const unary =
    <Request, Response>(serve: (provider: Provider, request: Request) => Promise<Response>) =>
    (call: grpc.ServerUnaryCall<Request, Response>, answer: grpc.sendUnaryData<Response>): void => {
      serve(of(call.getPeer()), call.request).then(
        (response) => answer(null, response),
        (error: unknown) => {
          const details = error instanceof Error ? error.message : String(error);
          const code = error instanceof ProviderError ? grpc.status.UNKNOWN : grpc.status.INTERNAL;
          answer({ code, details });
        },
      );
    };
  return {
    ...aboutConfiguration(unary),
    ...aboutResources(unary),
    getPluginInfo: unary(async () => {
      const response = new plugin.PluginInfo();
      if (version !== undefined) response.setVersion(version);
      return response;
    }),
  };
}

type Unary = <Request, Response>(
  serve: (provider: Provider, request: Request) => Promise<Response>,
) => grpc.handleUnaryCall<Request, Response>;

function aboutConfiguration(unary: Unary): grpc.UntypedServiceImplementation {
  return {
    attach: unary(async () => new Empty()),
    cancel: unary(async () => new Empty()),
    checkConfig: unary(async (provider, request: protocol.CheckRequest) =>
      checkedOf(
        await provider.checkConfig({
          urn: request.getUrn(),
          olds: fromStruct(request.getOlds()),
          news: fromStruct(request.getNews()),
        }),
      ),
    ),
    diffConfig: unary(async (provider, request: protocol.DiffRequest) =>
      differenceOf(
        await provider.diffConfig({
          urn: request.getUrn(),
          oldInputs: fromStruct(request.getOldInputs()),
          oldOutputs: fromStruct(request.getOlds()),
          news: fromStruct(request.getNews()),
          ignoreChanges: request.getIgnorechangesList(),
        }),
      ),
    ),
    configure: unary(async (provider, request: protocol.ConfigureRequest) => {
      await provider.configure({
        urn: request.getUrn() ?? '',
        id: request.getId() ?? '',
        inputs: fromStruct(request.getArgs()),
      });
      const response = new protocol.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setAcceptresources(true);
      response.setSupportspreview(true);
      return response;
    }),
    invoke: unary(async (provider, request: protocol.InvokeRequest) => {
      const { result, failures } = await provider.invoke({
        token: request.getTok(),
        args: fromStruct(request.getArgs()),
        preview: request.getPreview(),
      });
      const response = new protocol.InvokeResponse();
      response.setReturn(toStruct(result));
      response.setFailuresList(failures.map(failureOf));
      return response;
    }),
  };
}

function aboutResources(unary: Unary): grpc.UntypedServiceImplementation {
  return {
    check: unary(async (provider, request: protocol.CheckRequest) =>
      checkedOf(
        await provider.check({
          ...callOf(request.getUrn()),
          olds: fromStruct(request.getOlds()),
          news: fromStruct(request.getNews()),
          randomSeed: request.getRandomseed_asU8(),
        }),
      ),
    ),
    diff: unary(async (provider, request: protocol.DiffRequest) =>
      differenceOf(
        await provider.diff({
          ...callOf(request.getUrn()),
          id: request.getId() ?? '',
          oldInputs: fromStruct(request.getOldInputs()),
          olds: fromStruct(request.getOlds()),
          news: fromStruct(request.getNews()),
          ignoreChanges: request.getIgnorechangesList(),
        }),
      ),
    ),
    create: unary(async (provider, request: protocol.CreateRequest) => {
      const made = await provider.create({
        ...callOf(request.getUrn()),
        properties: fromStruct(request.getProperties()),
        preview: request.getPreview(),
        timeout: request.getTimeout(),
      });
      const response = new protocol.CreateResponse();
      response.setId(made.id);
      response.setProperties(toStruct(made.properties));
      return response;
    }),
    read: unary(async (provider, request: protocol.ReadRequest) => {
      const seen = await provider.read({
        ...callOf(request.getUrn()),
        id: request.getId(),
        inputs: fromStruct(request.getInputs()),
        properties: fromStruct(request.getProperties()),
      });
      const response = new protocol.ReadResponse();
      response.setId(seen.id);
      response.setInputs(toStruct(seen.inputs));
      response.setProperties(toStruct(seen.properties));
      return response;
    }),
    update: unary(async (provider, request: protocol.UpdateRequest) => {
      const { properties } = await provider.update({
        ...callOf(request.getUrn()),
        id: request.getId(),
        oldInputs: fromStruct(request.getOldInputs()),
        olds: fromStruct(request.getOlds()),
        news: fromStruct(request.getNews()),
        preview: request.getPreview(),
        ignoreChanges: request.getIgnorechangesList(),
        timeout: request.getTimeout(),
      });
      const response = new protocol.UpdateResponse();
      response.setProperties(toStruct(properties));
      return response;
    }),
    delete: unary(async (provider, request: protocol.DeleteRequest) => {
      await provider.delete({
        ...callOf(request.getUrn()),
        id: request.getId(),
        oldInputs: fromStruct(request.getOldInputs()),
        properties: fromStruct(request.getProperties()),
        timeout: request.getTimeout(),
      });
      return new Empty();
    }),
  };
}

function failureOf({ property, reason }: CheckFailure): protocol.CheckFailure {
  const failure = new protocol.CheckFailure();
  failure.setProperty(property);
  failure.setReason(reason);
  return failure;
}

function checkedOf({ inputs, failures }: Awaited<ReturnType<Provider['check']>>): protocol.CheckResponse {
  const response = new protocol.CheckResponse();
  response.setInputs(toStruct(inputs));
  response.setFailuresList(failures.map(failureOf));
  return response;
}

const { Kind } = protocol.PropertyDiff;
const KINDS: Readonly<Record<DiffKind, protocol.PropertyDiff.Kind>> = {
  add: Kind.ADD,
  'add-replace': Kind.ADD_REPLACE,
  delete: Kind.DELETE,
  'delete-replace': Kind.DELETE_REPLACE,
  update: Kind.UPDATE,
  'update-replace': Kind.UPDATE_REPLACE,
};

function differenceOf(diff: Awaited<ReturnType<Provider['diff']>>): protocol.DiffResponse {
  const { DIFF_NONE, DIFF_SOME, DIFF_UNKNOWN } = protocol.DiffResponse.DiffChanges;
  const response = new protocol.DiffResponse();
  response.setChanges({ none: DIFF_NONE, some: DIFF_SOME, unknown: DIFF_UNKNOWN }[diff.changes]);
  response.setReplacesList([...diff.replaces]);
  response.setStablesList([...diff.stables]);
  response.setDeletebeforereplace(diff.deleteBeforeReplace);
  response.setDiffsList([...diff.diffs]);
  if (!diff.detailedDiff) return response;
  response.setHasdetaileddiff(true);
  for (const [path, { kind, inputDiff }] of Object.entries(diff.detailedDiff)) {
    const entry = new protocol.PropertyDiff();
    entry.setKind(KINDS[kind]);
    entry.setInputdiff(inputDiff);
    response.getDetaileddiffMap().set(path, entry);
  }
  return response;
}
