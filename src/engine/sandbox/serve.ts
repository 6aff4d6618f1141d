import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import * as grpc from '@grpc/grpc-js';
import { ResourceProviderService } from '@pulumi/pulumi/proto/provider_grpc_pb';
import { AWS } from './aws';
import type { Cloud } from './cloud';
import type { Dialect } from './dialect';
import { KUBERNETES } from './kubernetes';
import { SandboxProvider } from './provider';
import { declaredVersion } from './schema';
import { providerMethods } from './serve-methods';

/** The sandbox's providers on loopback ports, where the real CLI attaches to them. */
export interface ServedSandbox {
  /** The value of `PULUMI_DEBUG_PROVIDERS`: `aws:41000,kubernetes:41001`. */
  readonly attach: string;
  /** Connections that are open now: an engine holds one for each of its providers. */
  connections(): number;
  close(): Promise<void>;
}

const LARGEST = 400 * 1024 * 1024;

/** Serves a cloud until it is closed. Errors: no loopback port can be had. */
export async function serveSandbox(cloud: Cloud): Promise<ServedSandbox> {
  const served = await Promise.all([AWS, KUBERNETES].map((dialect) => serve(cloud, dialect)));
  return {
    attach: served.map(({ packageName, port }) => `${packageName}:${port}`).join(','),
    connections: () => served.reduce((sum, each) => sum + each.connections.size, 0),
    async close() {
      await Promise.all(served.map((each) => each.close()));
    },
  };
}

interface ServedPackage {
  readonly packageName: string;
  readonly port: number;
  readonly connections: ReadonlySet<Socket>;
  close(): Promise<void>;
}

async function serve(cloud: Cloud, dialect: Dialect): Promise<ServedPackage> {
  // An engine connects once for each provider resource, and no call but the first says which one it is for: what one of them
  // was configured with belongs to its connection.
  const providers = new Map<string, SandboxProvider>();
  const connections = new Set<Socket>();
  const methods = providerMethods((peer) => {
    const known = providers.get(peer) ?? new SandboxProvider(cloud, dialect);
    providers.set(peer, known);
    return known;
  }, declaredVersion(dialect.packageName));
  const rpc = new grpc.Server({
    'grpc.max_receive_message_length': LARGEST,
    'grpc.max_send_message_length': LARGEST,
    // Its own statistics of every call, which nobody asks for.
    'grpc.enable_channelz': 0,
  });
  rpc.addService(ResourceProviderService, methods);
  const injector = rpc.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  const server = createServer((socket) => {
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    connections.add(socket);
    socket.once('close', () => {
      connections.delete(socket);
      providers.delete(peer);
    });
    injector.injectConnection(socket);
  });
  const port = await listen(server);
  return {
    packageName: dialect.packageName,
    port,
    connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        rpc.forceShutdown();
        for (const socket of connections) socket.destroy();
      }),
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
