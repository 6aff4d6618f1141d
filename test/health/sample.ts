import type { HttpTest } from '../../src/core/check';
import type { Value } from '../../src/core/project';
import { duration } from '../../src/core/time';
import { createHealth } from '../../src/health/health';
import type { TargetOptions } from '../../src/health/target';

/** One sample of an HTTP check whose URL is the output `url`. */
export const sampleUrl = (
  url: Value,
  {
    test,
    options = { allowLoopback: true },
    timeout = 5000,
    signal = new AbortController().signal,
  }: {
    test?: Partial<HttpTest>;
    options?: TargetOptions;
    timeout?: number;
    signal?: AbortSignal;
  } = {},
) =>
  createHealth(options).sample(
    {
      name: 'shop answers',
      test: { kind: 'http', urlOutput: 'url', path: '/healthz', status: 200, ...test },
      every: duration(10_000),
      pass: { needed: 1, of: 1 },
      timeout: duration(timeout),
    },
    { url },
    signal,
  );
