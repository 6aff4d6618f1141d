import { credentials } from '@grpc/grpc-js';
import type { EngineEvent } from '@pulumi/pulumi/automation';
import { EventsClient } from '@pulumi/pulumi/proto/events_grpc_pb';
import { EventRequest } from '@pulumi/pulumi/proto/events_pb';
import { Refusal } from '../state/refusal';

/** Where an operation's events go: the Automation API's own server. */
export interface EventLog {
  send(event: EngineEvent): void;
  /** Resolves once the receiver has acknowledged all; a Refusal where it could not be reached or hung up. */
  close(): Promise<void>;
}

const NONE: EventLog = { send: () => undefined, close: async () => undefined };

/** Opens the address of `--event-log`: `tcp://host:port`. */
export function openEventLog(address: string | undefined): EventLog {
  if (address === undefined) return NONE;
  if (!address.startsWith('tcp://')) {
    throw new Refusal(
      `the embedded engine does not support the event log ${address}: it speaks to tcp:// only`,
    );
  }
  const client = new EventsClient(address.slice('tcp://'.length), credentials.createInsecure());
  let settle: (error: Error | null) => void = () => undefined;
  const acknowledged = new Promise<Error | null>((resolve) => {
    settle = resolve;
  });
  const stream = client.streamEvents((error) => settle(error));
  // An error of the stream itself arrives with the acknowledgement too.
  stream.on('error', (error: Error) => settle(error));
  return {
    send(event) {
      stream.write(new EventRequest().setEvent(JSON.stringify(event)));
    },
    async close() {
      stream.end();
      const error = await acknowledged;
      client.close();
      if (error !== null) throw new Refusal(`the event log ${address} broke off: ${error.message}`);
    },
  };
}
