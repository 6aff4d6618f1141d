import type { Check } from '../core/check';
import type { Sampled } from '../core/event';
import { advance, isApplied, isBack, progressOf, type RolloutState } from '../core/rollout';
import { isLookedAt } from '../core/stack-health';
import { between, type Duration, duration, type Instant, instant, plus } from '../core/time';
import type { Sample } from '../health/port';
import type { Line } from './journal';
import type { Ports } from './ports';

interface Watched {
  readonly deployment: string;
  dueAt: Instant;
  isSampling: boolean;
  /** Samples not recorded yet, equal ones as one stretch. */
  open: Sampled[];
  recordedAt: Instant;
}

/** How many samples a stretch holds before it is recorded. */
const stretchLimit = 40;

/**
 * Samples the stacks a rollout has updated, and those it took back until they were looked at. Samples become stretches; the
 * state a decision is taken on includes those that are not recorded yet, and they are recorded before anything is decided
 * because of them.
 */
export class Watch {
  private readonly watched = new Map<string, Watched>();
  private readonly handedOver = new WeakSet<Sampled>();
  private readonly over = new AbortController();
  private readonly signal: AbortSignal;

  constructor(
    private readonly ports: Pick<Ports, 'health' | 'clock'>,
    private readonly rollout: string,
    signal: AbortSignal,
    private readonly onSample: () => void,
  ) {
    this.signal = AbortSignal.any([signal, this.over.signal]);
  }

  /** Ends the samples under way; what they would have said counts for nothing any more. */
  close(): void {
    this.over.abort();
  }

  /** Starts the samples that are due; they end in their own time. */
  sampleDue(state: RolloutState, now: Instant): void {
    for (const { stack, check, watched } of this.current(state)) {
      if (watched.isSampling || watched.dueAt > now) continue;
      watched.isSampling = true;
      watched.dueAt = plus(now, this.interval(check));
      const { back, forward } = progressOf(state, stack);
      const { intent, end } = back ?? forward ?? {};
      const outputs = end?.outputs ?? {};
      const release = intent?.release;
      void this.ports.health.sample(check, outputs, this.signal).then((sample) => {
        watched.isSampling = false;
        if (this.signal.aborted) return;
        const took = between(now, this.ports.clock.now());
        this.take(watched, { stack, check, sample, at: now, took, release });
        this.onSample();
      });
    }
  }

  /** When the next sample is due; undefined where nothing is watched. */
  nextDue(state: RolloutState): Instant | undefined {
    const due = this.current(state).flatMap(({ watched }) => (watched.isSampling ? [] : [watched.dueAt]));
    return due.length === 0 ? undefined : instant(Math.min(...due));
  }

  /** The state as it will be once the open stretches are recorded. */
  onTopOf(state: RolloutState): RolloutState {
    return this.stretches().reduce(
      (next, event) => advance(next, { event, at: event.until, actor: '' }),
      state,
    );
  }

  /** Whether a stretch has waited long enough to be recorded for its own sake. */
  isFull(): boolean {
    return [...this.watched.values()].some(({ open, recordedAt }) => {
      const last = open.at(-1);
      const samples = open.reduce((sum, { samples: some }) => sum + some, 0);
      const hasTurned = open.length > 1 && last !== undefined && last.until - recordedAt > 5 * last.every;
      return samples >= stretchLimit || hasTurned;
    });
  }

  /**
   * Hands over what is not recorded yet, as lines for the ledger. Call `recorded` once they are. A sample that comes
   * meanwhile begins a stretch of its own: what is on its way into the ledger must not grow any more.
   */
  lines(): Line[] {
    for (const event of this.stretches()) this.handedOver.add(event);
    return this.stretches().map((event) => ({
      key: `${event.deployment}:${event.check}:${event.from}`,
      event,
      at: event.until,
    }));
  }

  recorded(lines: readonly Line[]): void {
    const done = new Set(lines.map(({ event }) => event));
    for (const watched of this.watched.values()) {
      const last = watched.open.findLast((event) => done.has(event));
      if (!last) continue;
      watched.recordedAt = last.until;
      watched.open = watched.open.filter((event) => !done.has(event));
    }
  }

  private stretches(): Sampled[] {
    return [...this.watched.values()].flatMap(({ open }) => open);
  }

  private current(state: RolloutState): { stack: string; check: Check; watched: Watched }[] {
    return Object.values(state.started.plan.targets).flatMap(({ stack, checks }) => {
      const progress = progressOf(state, stack);
      const end = (progress.back ?? progress.forward)?.end;
      const isWatched = isApplied(progress) || (isBack(progress) && !isLookedAt(state, stack));
      if (!isWatched || !end) return [];
      return checks.map((check) => ({
        stack,
        check,
        watched: this.entry(stack, check, end.deployment, end.at),
      }));
    });
  }

  private entry(stack: string, check: Check, deployment: string, appliedAt: Instant): Watched {
    const key = `${stack}\n${check.name}`;
    const known = this.watched.get(key);
    if (known?.deployment === deployment) return known;
    // Evidence must be later than the update: the first sample is taken one short interval after it.
    const dueAt = plus(appliedAt, duration(Math.max(1, Math.min(check.every, this.ports.clock.resolution))));
    const fresh: Watched = { deployment, dueAt, isSampling: false, open: [], recordedAt: appliedAt };
    this.watched.set(key, fresh);
    return fresh;
  }

  /**
   * The interval that gaps are measured by. Where samples follow each other as fast as the machine allows (a fast sandbox
   * clock), a busy machine must not pass for missing evidence: a sample that took longer than its interval would be stale as
   * soon as it is there, and nothing would ever soak.
   */
  private allowance(check: Check, took: Duration): Duration {
    return duration(Math.max(check.every, 3 * this.ports.clock.resolution, took));
  }

  private interval(check: Check): Duration {
    return duration(Math.max(check.every, this.ports.clock.resolution));
  }

  private take(
    watched: Watched,
    seen: {
      stack: string;
      check: Check;
      sample: Sample;
      at: Instant;
      took: Duration;
      release: string | undefined;
    },
  ): void {
    const { stack, check, sample, at, took, release } = seen;
    const every = this.allowance(check, took);
    const last = watched.open.at(-1);
    const continues = last?.verdict === sample.verdict && at > last.until && at - last.until <= 2 * every;
    if (last && continues && !this.handedOver.has(last)) {
      watched.open[watched.open.length - 1] = {
        ...last,
        every: duration(Math.max(last.every, every)),
        until: at,
        samples: last.samples + 1,
        reason: sample.reason,
      };
      return;
    }
    watched.open.push({
      type: 'sampled',
      rollout: this.rollout,
      stack,
      check: check.name,
      ...(release === undefined ? {} : { release }),
      deployment: watched.deployment,
      every,
      verdict: sample.verdict,
      reason: sample.reason,
      from: at,
      until: at,
      samples: 1,
    });
  }
}
