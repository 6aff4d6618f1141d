import type { Client } from '@grpc/grpc-js';
import type * as sdk from '@pulumi/pulumi';
import { shorten } from '../embedded/shortcut';

/** What the running program holds of its engine. */
export interface Connections {
  /** Inside of the program only: there alone the SDK tells its own clients. */
  learn(pulumi: typeof sdk): void;
  /** Tokens of the provider functions that the program called, sorted. */
  readonly invoked: readonly string[];
  /** Once the operation has ended: the SDK forgets its clients without closing them, 1.3 MB each time. */
  close(): void;
}

export function connections(): Connections {
  const clients = new Set<Client>();
  const invoked = new Set<string>();
  return {
    get invoked() {
      return [...invoked].sort();
    },
    learn({ runtime }) {
      // Declared by their messages only; what the SDK makes is a client of gRPC.
      for (const client of [runtime.getMonitor(), runtime.getEngine()] as unknown as (Client | undefined)[]) {
        if (!client) continue;
        clients.add(client);
        shorten(client);
        for (const method of ['invoke', 'call'] as const) note(client as Asking, method, invoked);
      }
    },
    close() {
      for (const client of clients) client.close();
      clients.clear();
    },
  };
}

/** A monitor's client, as the SDK calls it; the engine's has neither method. */
type Asking = Client & {
  [method in 'invoke' | 'call']?: (request: { getTok(): string }, ...rest: readonly unknown[]) => unknown;
};

function note(client: Asking, method: 'invoke' | 'call', tokens: Set<string>): void {
  const ask = client[method]?.bind(client);
  if (!ask) return;
  client[method] = (request, ...rest) => {
    tokens.add(request.getTok());
    return ask(request, ...rest);
  };
}
