import type { Duration } from './time';

/** A health check on a stack's outputs. `pass` samples of the last `of` must be healthy. */
export interface Check {
  readonly name: string;
  readonly test: OutputTest | HttpTest;
  readonly every: Duration;
  readonly pass: { readonly needed: number; readonly of: number };
  /** The longest one sample may take; longer is unhealthy for `http`, unknown where nothing answered. */
  readonly timeout: Duration;
}

export type Condition =
  | { readonly equals: string | number | boolean }
  | { readonly matches: string }
  | { readonly between: readonly [number, number] }
  | { readonly atLeast: number }
  | { readonly atMost: number }
  | { readonly exists: boolean };

export interface OutputTest {
  readonly kind: 'output';
  /** `component.output` or the name of a stack output, with further `.keys` into it. */
  readonly output: string;
  readonly condition: Condition;
}

export interface HttpTest {
  readonly kind: 'http';
  /** The output that holds the URL, written as in `OutputTest`. */
  readonly urlOutput: string;
  readonly path: string;
  readonly status: number;
  /** Text the body must contain. */
  readonly body?: string;
  /** The longest acceptable latency. */
  readonly within?: Duration;
}

/** What one sample said. Unknown (no data, unreachable checker) is never healthy. */
export type Verdict = 'healthy' | 'unhealthy' | 'unknown';
