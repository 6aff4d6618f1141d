import type { HttpTest } from '../core/check';
import type { Value } from '../core/project';
import type { Duration } from '../core/time';
import { type Answer, ask, longestBody } from './ask';
import { lookUp } from './lookup';
import type { Sample } from './port';
import { findTarget, type TargetOptions } from './target';

export interface HttpCall {
  readonly test: HttpTest;
  readonly outputs: Readonly<Record<string, Value>>;
  /** Wall time for all of it: name, connection, answer. */
  readonly timeout: Duration;
  readonly signal: AbortSignal;
}

/**
 * Asks a URL once. What the target does wrong (refuses, hangs, breaks off, answers otherwise) is unhealthy; what keeps us
 * from asking (no URL, no such name, an address that must not be asked, our own network) is unknown.
 */
export async function sampleHttp(
  { test, outputs, timeout, signal }: HttpCall,
  options: TargetOptions,
): Promise<Sample> {
  const url = urlOf(test, outputs);
  if (typeof url === 'string') return unknown(url);

  const deadline = AbortSignal.timeout(Math.max(1, Math.ceil(timeout)));
  const stop = AbortSignal.any([signal, deadline]);
  const target = await Promise.race([findTarget(url.hostname, options), aborted(stop)]);
  if (signal.aborted) return unknown('the check was cancelled');
  if (target === undefined)
    return unknown(`${url.hostname} could not be resolved within ${seconds(timeout)}`);
  if ('refused' in target) return unknown(target.refused);

  try {
    return judge(test, url, await ask({ url, target, test, signal: stop }));
  } catch (error) {
    if (signal.aborted) return unknown('the check was cancelled');
    if (deadline.aborted) return unhealthy(`no answer from ${url.href} within ${seconds(timeout)}`);
    const { code = '', message } = error as NodeJS.ErrnoException;
    const reason = `${url.href}: ${oneLine(message || code)}`;
    return ownTroubles.has(code) ? unknown(reason) : unhealthy(reason);
  }
}

/** Error codes that speak of this machine or of the way, not of the target. */
const ownTroubles: ReadonlySet<string> = new Set([
  ...['ENETUNREACH', 'ENETDOWN', 'EHOSTUNREACH', 'EADDRNOTAVAIL', 'EACCES', 'EPERM'],
  ...['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'ERR_INVALID_CHAR', 'ERR_UNESCAPED_CHARACTERS'],
]);

function judge(test: HttpTest, url: URL, { status, location, hasText, latency }: Answer): Sample {
  const seen = `${status} from ${url.href}`;
  if (status !== test.status) {
    const redirect = location === undefined ? '' : ` (redirects to ${oneLine(location)}, not followed)`;
    return unhealthy(`${seen}${redirect}, ${test.status} wanted`);
  }
  if (test.body !== undefined && !hasText) {
    return unhealthy(
      `${seen}, but "${oneLine(test.body)}" is not in the first ${longestBody / 2 ** 20} MiB of its body`,
    );
  }
  if (test.within !== undefined && latency > test.within) {
    return unhealthy(`${seen} after ${seconds(latency)}, within ${seconds(test.within)} wanted`);
  }
  return { verdict: 'healthy', reason: seen };
}

/** The output's URL with the test's path behind it; its query and fragment are dropped. A text says why there is none. */
function urlOf(test: HttpTest, outputs: Readonly<Record<string, Value>>): URL | string {
  const found = lookUp(outputs, test.urlOutput);
  if ('missing' in found) return found.missing;
  if ('secret' in found) return found.secret;
  const base = typeof found.value === 'string' ? URL.parse(found.value) : null;
  if (base === null) return `the output ${test.urlOutput} is not a URL`;
  if (base.protocol !== 'http:' && base.protocol !== 'https:') {
    return `the output ${test.urlOutput} is a ${base.protocol} URL, only http: and https: can be checked`;
  }
  if (base.username !== '' || base.password !== '') return `the output ${test.urlOutput} holds credentials`;
  // Joined as text behind the origin: a path such as `//other.example` cannot name another host.
  const path = `${base.pathname.replace(/\/+$/, '')}/${test.path.replace(/^\/+/, '')}`;
  return URL.parse(base.origin + path) ?? `${test.path} is not a path`;
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

const unknown = (reason: string): Sample => ({ verdict: 'unknown', reason });
const unhealthy = (reason: string): Sample => ({ verdict: 'unhealthy', reason });
const seconds = (milliseconds: number): string =>
  milliseconds < 1000
    ? `${Number(milliseconds.toPrecision(3))} ms`
    : `${Number((milliseconds / 1000).toPrecision(3))} s`;

/** Foreign text may hold anything; a reason is one short line. */
const oneLine = (text: string): string => text.replace(/[\p{C}\s]+/gu, ' ').slice(0, 200);
