import type { Client } from '@grpc/grpc-js';
import type * as sdk from '@pulumi/pulumi';
import { shorten } from '../embedded/shortcut';

/** What the running program holds of its engine. */
export interface Connections {
  /** Inside of the program only: there alone the SDK tells its own clients. */
  learn(pulumi: typeof sdk): void;
  /** Once the operation has ended: the SDK forgets its clients without closing them, 1.3 MB each time. */
  close(): void;
}

export function connections(): Connections {
  const clients = new Set<Client>();
  return {
    learn({ runtime }) {
      // Declared by their messages only; what the SDK makes is a client of gRPC.
      for (const client of [runtime.getMonitor(), runtime.getEngine()] as unknown as (Client | undefined)[]) {
        if (!client) continue;
        clients.add(client);
        shorten(client);
      }
    },
    close() {
      for (const client of clients) client.close();
      clients.clear();
    },
  };
}
