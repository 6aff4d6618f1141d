import type { Check, Verdict } from '../core/check';
import type { Value } from '../core/project';

/** Takes one sample of one check. Never rejects: what cannot be known is `unknown` with its reason. */
export interface Health {
  sample(check: Check, outputs: Readonly<Record<string, Value>>, signal: AbortSignal): Promise<Sample>;
}

export interface Sample {
  readonly verdict: Verdict;
  /** What was seen, for people: `503 from http://…/healthz`, `web.readyReplicas is 1, at least 2 wanted`. */
  readonly reason: string;
}
