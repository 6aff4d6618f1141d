import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { pause } from './clock';
import type { Cloud } from './cloud';
import { befalling, latencyOf } from './fault';
import { route } from './route';

export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * One HTTP server on 127.0.0.1 for every DNS name of the sandbox, told apart by the Host header: 200 where pods are
 * ready, 503 where none is, 404 for a name that leads nowhere. What is ready is read at each request.
 */
export function startListener(cloud: Cloud): Promise<Listener> {
  const server = createServer((request, response) => {
    answer(cloud, request, response).catch((error: unknown) => {
      send(response, 500, { error: error instanceof Error ? error.message : String(error) });
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') {
        reject(new Error('the listener has no port'));
        return;
      }
      resolve({
        port: address.port,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });
}

async function answer(cloud: Cloud, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  const path = new URL(request.url ?? '/', 'http://sandbox').pathname;
  const backend = route(cloud, host, path);
  if (backend.kind === 'unknown') {
    send(response, 404, { error: `the sandbox knows no host ${host}` });
    return;
  }
  const { kind: _kind, stack, ...body } = backend;
  const target = { stack, type: 'http', name: backend.service, images: [backend.image ?? ''] };
  // A fault of provider calls does not slow down what was deployed.
  const faults = befalling(cloud.settings, target).filter((fault) => fault.match.type === 'http');
  const latency = latencyOf(faults);
  if (latency > 0) await pause(latency);
  send(response, backend.ready > 0 ? 200 : 503, body);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(`${JSON.stringify(body)}\n`);
}
