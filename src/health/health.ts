import type { Check } from '../core/check';
import type { Value } from '../core/project';
import { sampleHttp } from './http';
import { sampleOutput } from './output';
import type { Health, Sample } from './port';
import type { TargetOptions } from './target';

/**
 * The health checker. `resolve` names the listener that stands in for a host (the sandbox's); `allowLoopback` permits
 * checks of this machine's own servers.
 */
export function createHealth(options: TargetOptions = {}): Health {
  return {
    async sample(check, outputs, signal) {
      try {
        return await take(check, outputs, signal, options);
      } catch (error) {
        return {
          verdict: 'unknown',
          reason: `the checker failed: ${error instanceof Error ? error.message : error}`,
        };
      }
    },
  };
}

async function take(
  { test, timeout }: Check,
  outputs: Readonly<Record<string, Value>>,
  signal: AbortSignal,
  options: TargetOptions,
): Promise<Sample> {
  switch (test.kind) {
    case 'output':
      return sampleOutput(test, outputs);
    case 'http':
      return sampleHttp({ test, outputs, timeout, signal }, options);
  }
}
