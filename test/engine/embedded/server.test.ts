import * as grpc from '@grpc/grpc-js';
import { Callback } from '@pulumi/pulumi/proto/callback_pb';
import { ResourceMonitorClient } from '@pulumi/pulumi/proto/resource_grpc_pb';
import { DeploymentInfo, Parameterization, RegisterPackageRequest } from '@pulumi/pulumi/proto/resource_pb';
import { expect } from 'chai';
import { Emitter } from '../../../src/engine/embedded/emitter';
import { Monitor } from '../../../src/engine/embedded/monitor';
import { ProviderRegistry } from '../../../src/engine/embedded/provider-registry';
import { EngineServer } from '../../../src/engine/embedded/server';

describe('what a program asks of the engine itself', () => {
  const told: string[] = [];
  const registry = new ProviderRegistry(
    async () => undefined,
    () => undefined,
  );
  const settings = {
    isDry: false,
    config: new Map(),
    secretKeys: new Set<string>(),
    packages: new Map(),
    isSerial: true,
  };
  const server = new EngineServer({
    monitor: new Monitor(settings, registry, () => undefined),
    emitter: new Emitter(({ diagnosticEvent }) => told.push(diagnosticEvent?.message ?? ''), {
      planning: false,
      showSecrets: false,
    }),
    info: new DeploymentInfo(),
    onDone: () => undefined,
  });
  let client: ResourceMonitorClient;

  before(async () => {
    client = new ResourceMonitorClient(await server.listen(), grpc.credentials.createInsecure());
  });

  after(() => {
    client.close();
    server.close();
  });

  /** What the engine answers where it should not do what it is asked. */
  const refusal = (ask: (done: (error: grpc.ServiceError | null) => void) => unknown): Promise<string> =>
    new Promise((resolve) => ask((error) => resolve(error?.details ?? 'done')));

  it('is refused by name, and told by the engine where the SDK keeps silent: transforms of stacks and invokes', async () => {
    const stack = await refusal((done) => client.registerStackTransform(new Callback(), done));
    const invoke = await refusal((done) => client.registerStackInvokeTransform(new Callback(), done));
    expect(stack).to.match(/^stack transforms: not supported by the embedded engine/);
    expect(invoke).to.match(/^stack invoke transforms: not supported by the embedded engine/);
    expect(told).to.deep.equal([`${stack}\n`, `${invoke}\n`]);
  });

  it('is refused by name: parameterized packages', async () => {
    const request = new RegisterPackageRequest();
    request.setName('lab');
    request.setParameterization(new Parameterization());
    const answer = await refusal((done) => client.registerPackage(request, done));
    expect(answer).to.match(/^package lab: parameterized providers: not supported/);
  });
});
