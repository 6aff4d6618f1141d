import { isApplied, progressOf, type RolloutState, type StackProgress } from './rollout';
import { type CheckHealth, judgement, soakedFor } from './soak';
import { between, type Duration, duration, type Instant } from './time';

/** How a stack of a rollout does since its update. */
export interface StackHealth {
  readonly verdict: 'healthy' | 'unhealthy' | 'unknown';
  /** Healthy time so far; for a stack without checks simply the time since its update. */
  readonly soaked: Duration;
  readonly wanted: Duration;
  /** Soaked long enough, and healthy now. */
  readonly isSoaked: boolean;
  /** For people: the check that is not passing and what it saw. */
  readonly reason: string;
  /** Its checks are lost for good: why. */
  readonly lost?: string;
}

export function healthOf(state: RolloutState, stack: string, now: Instant): StackHealth {
  const progress = progressOf(state, stack);
  const wanted = soakOf(state, stack);
  const appliedAt = progress.forward?.end?.at;
  if (!isApplied(progress) || appliedAt === undefined) {
    return { verdict: 'unknown', soaked: duration(0), wanted, isSoaked: false, reason: 'not updated' };
  }
  const checks = state.started.plan.targets[stack]?.checks ?? [];
  if (checks.length === 0) {
    const soaked = duration(Math.max(0, between(appliedAt, now)));
    return { verdict: 'healthy', soaked, wanted, isSoaked: soaked >= wanted, reason: 'no checks' };
  }
  return checkedHealth(progress, wanted, state, stack, now);
}

function checkedHealth(
  progress: StackProgress,
  wanted: Duration,
  state: RolloutState,
  stack: string,
  now: Instant,
): StackHealth {
  const rules = state.started.plan.targets[stack]?.checks ?? [];
  const pairs = rules.flatMap((rule) => {
    const check = progress.health.get(rule.name);
    return check ? [{ rule, check }] : [];
  });
  const soaked = soakedFor(pairs.map(({ check }) => check));
  const failing = pairs.find(({ check }) => !check.isPassing);
  const stale = pairs.find(({ check }) => isStale(check, now));
  const lostBy = pairs.find(({ check, rule }) => judgement(check, rule.pass) !== undefined);
  const isUnhealthy = failing?.check.recent.at(-1) === 'unhealthy';
  const verdict = isUnhealthy ? 'unhealthy' : failing || stale ? 'unknown' : 'healthy';
  const told = lostBy ?? failing ?? stale;
  return {
    verdict,
    soaked,
    wanted,
    isSoaked: verdict === 'healthy' && soaked >= wanted,
    reason: told ? `${told.rule.name}: ${told.check.reason}` : 'all checks pass',
    ...(lostBy ? { lost: `${lostBy.rule.name}: ${judgement(lostBy.check, lostBy.rule.pass)}` } : {}),
  };
}

/** Too long ago, or in the future: then the clock has stepped back, and what was seen says nothing about now. */
function isStale({ lastAt, every }: CheckHealth, now: Instant): boolean {
  const age = between(lastAt, now);
  return age < 0 || age > 2 * every;
}

function soakOf(state: RolloutState, stack: string): Duration {
  const { plan } = state.started;
  const channel = plan.targets[stack]?.channel;
  return plan.channels.find(({ name }) => name === channel)?.soak ?? duration(0);
}
