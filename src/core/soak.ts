import type { Check, Verdict } from './check';
import type { Sampled } from './event';
import { type Duration, duration, type Instant, instant } from './time';

/** What the samples of one check say so far, since the stack's apply ended. */
export interface CheckHealth {
  /** The last `of` verdicts, newest last. */
  readonly recent: readonly Verdict[];
  /** Enough of the recent samples are healthy, the newest one is not unknown. */
  readonly isPassing: boolean;
  /** Known samples in a row while the rule did not pass. */
  readonly notPassing: number;
  readonly unhealthyInRow: number;
  readonly hasPassed: boolean;
  /** How often an unhealthy sample broke a passing rule. */
  readonly resets: number;
  /** Since the last reset: when the check passed, seen from a healthy sample to the next. */
  readonly credit: readonly Interval[];
  readonly resetAt: Instant;
  readonly lastAt: Instant;
  readonly every: Duration;
  readonly reason: string;
}

export type Interval = readonly [from: Instant, until: Instant];

/** A flapping stack is given up after this many resets of its soak. */
const flappingLimit = 5;

export function unsampled(appliedAt: Instant): CheckHealth {
  return {
    recent: [],
    isPassing: false,
    notPassing: 0,
    unhealthyInRow: 0,
    hasPassed: false,
    resets: 0,
    credit: [],
    resetAt: appliedAt,
    lastAt: appliedAt,
    every: duration(0),
    reason: 'not sampled yet',
  };
}

/** Folds a stretch of equal samples, taken at even distances, into what is known. */
export function withSamples(health: CheckHealth, rule: Check['pass'], stretch: Sampled): CheckHealth {
  const steps = Math.max(1, stretch.samples);
  const distance = steps > 1 ? (stretch.until - stretch.from) / (steps - 1) : 0;
  let folded: CheckHealth = { ...health, every: stretch.every, reason: stretch.reason };
  for (let step = 0; step < steps; step++) {
    folded = withSample(folded, rule, stretch.verdict, instant(stretch.from + step * distance));
  }
  return folded;
}

function withSample(health: CheckHealth, rule: Check['pass'], verdict: Verdict, at: Instant): CheckHealth {
  const recent = [...health.recent, verdict].slice(-rule.of);
  const healthy = recent.filter((each) => each === 'healthy').length;
  const isPassing = verdict !== 'unknown' && healthy >= rule.needed;
  const isReset = health.isPassing && !isPassing && verdict === 'unhealthy';
  const known = verdict === 'unknown' ? 0 : 1;
  return {
    ...health,
    recent,
    isPassing,
    notPassing: isPassing ? 0 : health.notPassing + known,
    unhealthyInRow:
      verdict === 'unhealthy' ? health.unhealthyInRow + 1 : verdict === 'healthy' ? 0 : health.unhealthyInRow,
    hasPassed: health.hasPassed || isPassing,
    resets: health.resets + Number(isReset),
    credit: isReset ? [] : credited(health, verdict, isPassing, at),
    resetAt: isReset ? at : health.resetAt,
    // A clock that steps back earns nothing until it has caught up again.
    lastAt: at > health.lastAt ? at : health.lastAt,
  };
}

/** Time counts from one healthy sample to the next while the rule passes; a gap of more than two intervals is unknown. */
function credited(
  health: CheckHealth,
  verdict: Verdict,
  isPassing: boolean,
  at: Instant,
): readonly Interval[] {
  const gap = at - health.lastAt;
  const wasHealthy = health.isPassing && health.recent.at(-1) === 'healthy';
  if (!isPassing || !wasHealthy || verdict !== 'healthy' || gap <= 0 || gap > 2 * health.every) {
    return health.credit;
  }
  const last = health.credit.at(-1);
  if (last && last[1] === health.lastAt) return [...health.credit.slice(0, -1), [last[0], at]];
  return [...health.credit, [health.lastAt, at]];
}

/** Why a check is lost, or undefined: not passing beyond the settling allowance, down after it passed, or flapping for ever. */
export function judgement(health: CheckHealth, rule: Check['pass']): string | undefined {
  if (health.resets >= flappingLimit)
    return `flapping, its soak was reset ${health.resets} times: ${health.reason}`;
  if (health.notPassing >= 2 * rule.of) return health.reason;
  if (health.hasPassed && health.unhealthyInRow >= rule.of) return health.reason;
  return undefined;
}

/** Time during which every check passed, after the last reset of any of them. */
export function soakedFor(checks: readonly CheckHealth[]): Duration {
  const resetAt = Math.max(...checks.map((check) => check.resetAt));
  const [first, ...others] = checks.map((check) => check.credit);
  const common = others.reduce<readonly Interval[]>(intersection, first ?? []);
  return duration(
    common.reduce((sum, [from, until]) => sum + Math.max(0, until - Math.max(from, resetAt)), 0),
  );
}

function intersection(left: readonly Interval[], right: readonly Interval[]): readonly Interval[] {
  return left.flatMap(([from, until]) =>
    right
      .map(([begin, end]): Interval => [instant(Math.max(from, begin)), instant(Math.min(until, end))])
      .filter(([begin, end]) => begin < end),
  );
}
