import * as grpc from '@grpc/grpc-js';
import { EngineService } from '@pulumi/pulumi/proto/engine_grpc_pb';
import * as engine from '@pulumi/pulumi/proto/engine_pb';
import { ResourceMonitorService } from '@pulumi/pulumi/proto/resource_grpc_pb';
import * as protocol from '@pulumi/pulumi/proto/resource_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import type { Emitter, Severity } from './emitter';
import type { Monitor } from './monitor';
import { Unsupported } from './request';
import { announce } from './shortcut';

/** The two services that a program calls, on one loopback port. */
export class EngineServer {
  private readonly server = new grpc.Server({
    'grpc.max_receive_message_length': 400 * 1024 * 1024,
    'grpc.max_send_message_length': 400 * 1024 * 1024,
  });
  private readonly waiting = new Set<() => void>();
  private readonly leaving = new Set<() => void>();
  private isClosed = false;
  private rootUrn = '';
  private readonly services: readonly grpc.UntypedServiceImplementation[];
  private withdraw: () => void = () => undefined;

  constructor(
    private readonly options: {
      readonly monitor: Monitor;
      readonly emitter: Emitter;
      readonly info: protocol.DeploymentInfo;
      /** The program says that it has registered everything. */
      onDone(): void;
    },
  ) {
    const monitor = this.monitorMethods();
    const engine = this.engineMethods();
    this.server.addService(ResourceMonitorService, monitor);
    this.server.addService(EngineService, engine);
    this.services = [monitor, engine];
  }

  /** `host:port` */
  async listen(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
        if (error) {
          reject(error);
          return;
        }
        this.withdraw = announce(`127.0.0.1:${port}`, this.services);
        resolve(`127.0.0.1:${port}`);
      });
    });
  }

  /** Requests that wait fail, and so do later ones; a program that waits for the end may leave. */
  cancel(): void {
    this.isClosed = true;
    for (const fail of [...this.waiting]) fail();
    for (const leave of [...this.leaving]) leave();
  }

  close(): void {
    this.withdraw();
    this.server.forceShutdown();
  }

  private monitorMethods(): grpc.UntypedServiceImplementation {
    const { monitor, info } = this.options;
    const refuse = (feature: string) =>
      this.unary(async () => {
        throw new Unsupported(feature);
      });
    // The SDK keeps the reason to itself here.
    const tellAndRefuse = (feature: string) =>
      this.unary(async () => {
        const refusal = new Unsupported(feature);
        this.options.emitter.error(refusal.message);
        throw refusal;
      });
    return {
      getDeploymentInfo: this.unary(async () => info),
      supportsFeature: this.unary(async (request: protocol.SupportsFeatureRequest) => {
        const response = new protocol.SupportsFeatureResponse();
        response.setHassupport(KNOWN_FEATURES.has(request.getId()));
        return response;
      }),
      registerResource: this.unary((request: protocol.RegisterResourceRequest) => monitor.register(request)),
      registerResourceOutputs: this.unary(async (request: protocol.RegisterResourceOutputsRequest) => {
        await monitor.outputs(request);
        return new Empty();
      }),
      readResource: this.unary((request: protocol.ReadResourceRequest) => monitor.read(request)),
      invoke: this.unary((request: protocol.ResourceInvokeRequest) => monitor.invoke(request)),
      registerPackage: this.unary(async (request: protocol.RegisterPackageRequest) =>
        monitor.registerPackage(request),
      ),
      call: refuse('Call (methods of resources)'),
      existsResource: refuse('ExistsResource'),
      registerStackTransform: tellAndRefuse('stack transforms'),
      registerStackInvokeTransform: tellAndRefuse('stack invoke transforms'),
      registerResourceHook: refuse('resource hooks'),
      registerErrorHook: refuse('error hooks'),
      signalAndWaitForShutdown: (_call: unknown, callback: grpc.sendUnaryData<Empty>) => {
        this.options.onDone();
        const leave = (): void => {
          this.leaving.delete(leave);
          callback(null, new Empty());
        };
        if (this.isClosed) leave();
        else this.leaving.add(leave);
      },
    };
  }

  private engineMethods(): grpc.UntypedServiceImplementation {
    return {
      log: this.unary(async (request: engine.LogRequest) => {
        const severity = SEVERITIES[request.getSeverity()] ?? 'info';
        // Debug diagnostics carry secrets in plain text: they go nowhere.
        if (severity !== 'debug') {
          this.options.emitter.diagnostic(severity, request.getMessage(), request.getUrn(), {
            ephemeral: request.getEphemeral(),
          });
        }
        return new Empty();
      }, 'always'),
      getRootResource: this.unary(async () => {
        const response = new engine.GetRootResourceResponse();
        response.setUrn(this.rootUrn);
        return response;
      }, 'always'),
      setRootResource: this.unary(async (request: engine.SetRootResourceRequest) => {
        this.rootUrn = request.getUrn();
        return new engine.SetRootResourceResponse();
      }, 'always'),
      startDebugging: this.unary(async () => new Empty(), 'always'),
      requirePulumiVersion: this.unary(async () => new engine.RequirePulumiVersionResponse(), 'always'),
    };
  }

  /** A method of one request and one response; unless it is served `always`, `cancel` makes it fail at once. */
  private unary<Request, Response>(
    serve: (request: Request) => Promise<Response>,
    when: 'open' | 'always' = 'open',
  ): grpc.handleUnaryCall<Request, Response> {
    return ({ request }, callback) => {
      let isAnswered = false;
      const answer = (error: grpc.ServiceError | Partial<grpc.StatusObject> | null, response?: Response) => {
        if (isAnswered) return;
        isAnswered = true;
        this.waiting.delete(fail);
        if (error) callback(error);
        else callback(null, response);
      };
      const fail = (): void =>
        answer({ code: grpc.status.UNAVAILABLE, details: 'resource monitor shut down' });
      if (when === 'open') {
        if (this.isClosed) {
          fail();
          return;
        }
        this.waiting.add(fail);
      }
      serve(request).then(
        (response) => answer(null, response),
        (error: unknown) => {
          const details = error instanceof Error ? error.message : String(error);
          answer({ code: grpc.status.UNKNOWN, details });
        },
      );
    };
  }
}

const SEVERITIES: Readonly<Record<number, Severity>> = {
  [engine.LogSeverity.DEBUG]: 'debug',
  [engine.LogSeverity.INFO]: 'info',
  [engine.LogSeverity.WARNING]: 'warning',
  [engine.LogSeverity.ERROR]: 'error',
};

/** Announced as the real engine announces them: what is refused is refused by name when a program uses it. */
const KNOWN_FEATURES: ReadonlySet<string> = new Set([
  'secrets',
  'resourceReferences',
  'outputValues',
  'aliasSpecs',
  'replacementTrigger',
  'deletedWith',
  'replaceWith',
  'transforms',
  'invokeTransforms',
  'parameterization',
  'resourceHooks',
  'errorHooks',
]);

const Feature = protocol.ResourceMonitorFeature;

export const FEATURES: readonly protocol.ResourceMonitorFeature[] = [
  Feature.RESOURCE_MONITOR_FEATURE_SECRETS,
  Feature.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
  Feature.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
  Feature.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
  Feature.RESOURCE_MONITOR_FEATURE_REPLACEMENT_TRIGGER,
  Feature.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
  Feature.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
  Feature.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
  Feature.RESOURCE_MONITOR_FEATURE_INVOKE_TRANSFORMS,
  Feature.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION,
  Feature.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
  Feature.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS,
];
