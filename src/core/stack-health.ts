import type { Check } from './check';
import { isApplied, isBack, progressOf, type RolloutState } from './rollout';
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
  return checkedHealth(state, stack, wanted, now);
}

function checkedHealth(state: RolloutState, stack: string, wanted: Duration, now: Instant): StackHealth {
  const pairs = checksOf(state, stack);
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

/**
 * Whether a stack that went back was looked at through its checks since: each one saw it healthy once, or has given it up, or
 * cannot know. Nothing waits for a soak: what it runs was proven before.
 */
export function isLookedAt(state: RolloutState, stack: string): boolean {
  const progress = progressOf(state, stack);
  return isBack(progress) && checksOf(state, stack).every(({ check, rule }) => isSeen(check, rule.pass));
}

/** What the checks say of a stack that went back where they do not find it healthy; undefined where they do, or were not asked. */
export function illAfterwards(state: RolloutState, stack: string): string | undefined {
  if (!isLookedAt(state, stack)) return undefined;
  const ill = checksOf(state, stack).find(({ check }) => check.recent.at(-1) !== 'healthy');
  return ill && `${ill.rule.name}: ${ill.check.reason}`;
}

function isSeen(check: CheckHealth, pass: Check['pass']): boolean {
  const isBlind = check.recent.length >= pass.of && check.recent.every((verdict) => verdict === 'unknown');
  return check.recent.at(-1) === 'healthy' || judgement(check, pass) !== undefined || isBlind;
}

function checksOf(state: RolloutState, stack: string): { rule: Check; check: CheckHealth }[] {
  const rules = state.started.plan.targets[stack]?.checks ?? [];
  const { health } = progressOf(state, stack);
  return rules.flatMap((rule) => {
    const check = health.get(rule.name);
    return check ? [{ rule, check }] : [];
  });
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
