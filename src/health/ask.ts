import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { HttpTest } from '../core/check';
import type { Target } from './target';

/** Bytes of a body that are read at most. */
export const longestBody = 2 ** 20;

export interface Question {
  readonly url: URL;
  readonly target: Target;
  readonly test: HttpTest;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly location?: string;
  /** Whether the wanted text is in the body; looked at only when one is wanted and the status is the wanted one. */
  readonly hasText: boolean;
  /** Milliseconds from dialling to the answer's head, or to the wanted text. */
  readonly latency: number;
}

/** One GET over a connection of its own, redirects not followed; rejects with the network's error. */
export async function ask({ url, target, test, signal }: Question): Promise<Answer> {
  const start = performance.now();
  const response = await send(url, target, signal);
  try {
    const { statusCode: status = 0, headers } = response;
    const hasText =
      test.body !== undefined && status === test.status && (await contains(response, test.body));
    const latency = performance.now() - start;
    return {
      status,
      hasText,
      latency,
      ...(headers.location !== undefined && { location: headers.location }),
    };
  } finally {
    response.destroy();
  }
}

function send(url: URL, target: Target, signal: AbortSignal): Promise<IncomingMessage> {
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const request = url.protocol === 'https:' && !target.isStandIn ? requestHttps : requestHttp;
  const [first] = target.addresses;
  return new Promise((resolve, reject) => {
    const call = request({
      // A name is dialled by `pinned` alone: what was checked is what is asked, also when DNS answers otherwise by now.
      host: target.isStandIn && first ? first.address : name,
      lookup: pinned(target),
      port: target.port ?? url.port,
      path: url.pathname + url.search,
      headers: { host: url.host, 'user-agent': 'signalbox', accept: '*/*', 'accept-encoding': 'identity' },
      agent: false,
      signal,
    });
    call.once('response', resolve);
    call.on('error', reject);
    call.once('close', () => reject(new Error('the connection was closed without an answer')));
    call.end();
  });
}

function pinned({ addresses }: Target): LookupFunction {
  return (_name, options, callback) => {
    const [first] = addresses;
    if (!first) callback(new Error('the name has no address'), '');
    else if (options.all) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
}

async function contains(response: IncomingMessage, text: string): Promise<boolean> {
  const wanted = Buffer.from(text);
  let size = 0;
  let tail = Buffer.alloc(0);
  for await (const chunk of response as AsyncIterable<Buffer>) {
    const window = Buffer.concat([tail, chunk.subarray(0, longestBody - size)]);
    if (window.includes(wanted)) return true;
    size += chunk.length;
    if (size >= longestBody) return false;
    // The text may begin at the end of this chunk.
    tail = window.subarray(Math.max(0, window.length - wanted.length + 1));
  }
  return false;
}
