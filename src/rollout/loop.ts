import { decide, type Step } from '../core/decide';
import type { Outcome } from '../core/event';
import { isApplied, progressOf, type RolloutState } from '../core/rollout';
import { healthOf } from '../core/stack-health';
import { between, type Instant, instant, plus } from '../core/time';
import { unreviewed } from '../core/unreviewed';
import { LedgerFailure } from '../ledger/port';
import { applyStack } from './apply';
import { Bell } from './bell';
import { Journal } from './journal';
import type { Held } from './lease';
import type { Applied } from './outcome';
import { perform } from './perform';
import type { Ports } from './ports';
import { recoverApply } from './recover';
import { type Run, wall } from './run';
import { Watch } from './watch';

/** How a driver's work on a rollout came to a stop; the rollout itself is over only when it `ended`. */
export type RunEnd =
  | { readonly is: 'ended'; readonly rollout: string; readonly outcome: Outcome; readonly reason: string }
  | {
      readonly is: 'waiting';
      readonly rollout: string;
      readonly reason: string;
      readonly until?: number;
      readonly needs?: 'approval';
    }
  | { readonly is: 'blocked'; readonly rollout: string; readonly resource: string; readonly heldBy: string }
  | { readonly is: 'cancelled'; readonly rollout: string }
  | { readonly is: 'lease-lost'; readonly rollout: string };

/** How often requests of others are looked for, and for how long health may stay unknown; wall time. */
const pollInterval = 1_000;
const unknownPatience = 120_000;
/** A soak is reset so often at most; what takes longer, and a while besides, lacks evidence. */
const longestSoaks = 6;
const stallPatience = 240_000;
const doubtLimit = 3;

/**
 * Carries a started rollout on until it ends or must wait for somebody. The same call resumes it after a crash: everything it
 * knows is in the ledger.
 */
export async function runRollout(
  ports: Ports,
  held: Held,
  where: { track: string; rollout: string },
  signal: AbortSignal,
): Promise<RunEnd> {
  const stop = AbortSignal.any([signal, held.signal]);
  const journal = new Journal(ports, where.track, where.rollout, held.lease);
  const driver = new Driver({ ports, journal, signal: stop });
  try {
    await journal.refresh();
    const end = await driver.drive();
    return end.is === 'cancelled' && held.signal.aborted ? { is: 'lease-lost', rollout: where.rollout } : end;
  } catch (error) {
    if (error instanceof LedgerFailure && error.kind === 'lease-lost')
      return { is: 'lease-lost', rollout: where.rollout };
    throw error;
  } finally {
    await driver.rest();
  }
}

class Driver {
  private readonly bell = new Bell();
  private readonly busy = new Map<string, Promise<void>>();
  private readonly stale = new Set<string>();
  private readonly doubts = new Map<string, number>();
  private readonly watch: Watch;
  private obstacle: Exclude<Applied, { is: 'ended' | 'moved' | 'stale' }> | undefined;
  private bug: { readonly error: unknown } | undefined;
  private unknownSince: number | undefined;
  private observed: { readonly what: string; readonly since: Instant } | undefined;

  constructor(private readonly run: Run) {
    const { ports, journal, signal } = run;
    this.watch = new Watch(ports, journal.rollout, signal, () => this.bell.ring());
    signal.addEventListener('abort', () => this.bell.ring());
  }

  async drive(): Promise<RunEnd> {
    this.doubtOldPreviews();
    for (;;) {
      if (this.bug) throw this.bug.error;
      const end = (await this.interrupted()) ?? (await this.once());
      if (end) return end;
    }
  }

  /** Waits for what is under way; nothing is left running behind the caller's back. */
  async rest(): Promise<void> {
    this.watch.close();
    await Promise.allSettled(this.busy.values());
  }

  private async once(): Promise<RunEnd | undefined> {
    const { ports, journal } = this.run;
    const { rollout } = journal;
    await journal.refresh();
    const now = ports.clock.now();
    const state = this.watch.onTopOf(journal.state());
    const step = decide(state, {
      now,
      busy: new Set(this.busy.keys()),
      stale: this.stale,
      ...ports.room,
    });
    if (step.do === 'stop') return this.ended(step.outcome);
    this.watch.sampleDue(state, now);
    this.show(state, now);
    if ((step.do !== 'observe' && step.do !== 'settle') || this.watch.isFull()) await this.recordSamples();
    switch (step.do) {
      case 'wait': {
        const { do: _, ...why } = step;
        return { is: 'waiting', rollout, ...why };
      }
      case 'recover':
        for (const intent of step.applies) this.begin(intent.stack, () => recoverApply(this.run, intent));
        return undefined;
      case 'apply':
        for (const stack of step.stacks) this.begin(stack, () => applyStack(this.run, stack, step.direction));
        return undefined;
      case 'observe':
      case 'settle':
        return this.idle(step, state);
      default: {
        const reason = await perform(this.run, step, this.stale);
        return reason === undefined ? undefined : { is: 'waiting', rollout, reason };
      }
    }
  }

  private begin(stack: string, work: () => Promise<Applied>): void {
    const done = work()
      .then((applied) => {
        if (applied.is === 'stale') this.doubt(stack);
        if (applied.is === 'blocked' || applied.is === 'waiting' || applied.is === 'cancelled')
          this.obstacle ??= applied;
      })
      .catch((error: unknown) => {
        this.bug ??= { error };
      })
      .finally(() => {
        this.busy.delete(stack);
        this.bell.ring();
      });
    this.busy.set(stack, done);
  }

  /** Somebody is in the way, or this driver was told to stop: what runs may end, nothing new begins. */
  private async interrupted(): Promise<RunEnd | undefined> {
    const { signal, journal } = this.run;
    if (!signal.aborted && !this.obstacle) return undefined;
    await this.rest();
    if (this.bug) throw this.bug.error;
    if (!signal.aborted) await this.recordSamples();
    const { rollout } = journal;
    if (signal.aborted || !this.obstacle || this.obstacle.is === 'cancelled')
      return { is: 'cancelled', rollout };
    if (this.obstacle.is === 'waiting') return { is: 'waiting', rollout, reason: this.obstacle.reason };
    const { resource, heldBy } = this.obstacle;
    return { is: 'blocked', rollout, resource, heldBy };
  }

  private show(state: RolloutState, now: Instant): void {
    const { observer } = this.run.ports;
    if (!observer?.health) return;
    for (const [stack, progress] of state.stacks)
      if (isApplied(progress)) observer.health(stack, healthOf(state, stack, now), now);
  }

  private async idle(
    step: Step & { do: 'observe' | 'settle' },
    state: RolloutState,
  ): Promise<RunEnd | undefined> {
    const { ports, signal, journal } = this.run;
    const { clock, observer } = ports;
    observer?.note?.({ kind: step.do === 'observe' ? 'soaking' : 'settling', text: step.reason });
    const blind =
      step.do === 'observe' ? (this.blindReason(state) ?? this.stallReason(step, state)) : undefined;
    if (blind !== undefined) {
      await this.recordSamples();
      return { is: 'waiting', rollout: journal.rollout, reason: blind };
    }
    const poll = plus(clock.now(), wall(ports, pollInterval));
    const next = this.watch.nextDue(state);
    const idle = new AbortController();
    const either = AbortSignal.any([signal, idle.signal]);
    await Promise.race([this.bell.rung(), clock.until(instant(Math.min(poll, next ?? poll)), either)]);
    idle.abort();
    return undefined;
  }

  /** Health that stays unknown is nobody's fault the rollout could judge: after a while a person has to look. */
  private blindReason(state: RolloutState): string | undefined {
    const now = this.run.ports.clock.now();
    const blind = [...state.stacks].find(
      ([, progress]) =>
        isApplied(progress) &&
        [...progress.health.values()].some(({ recent }) => recent.at(-1) === 'unknown'),
    );
    if (!blind) this.unknownSince = undefined;
    else this.unknownSince ??= now;
    if (!blind || now - (this.unknownSince ?? now) < wall(this.run.ports, unknownPatience)) return undefined;
    const reasons = [...progressOf(state, blind[0]).health.values()].filter(
      ({ recent }) => recent.at(-1) === 'unknown',
    );
    return `the health of ${blind[0]} is unknown: ${reasons[0]?.reason ?? ''}`;
  }

  /** Samples come, but too seldom for what they are asked to prove: no later look would find it soaked either. */
  private stallReason(
    { reason }: { readonly reason: string },
    { started }: RolloutState,
  ): string | undefined {
    const { ports } = this.run;
    const now = ports.clock.now();
    if (this.observed?.what !== reason) this.observed = { what: reason, since: now };
    const soak = Math.max(0, ...started.plan.channels.map((channel) => channel.soak));
    const limit = longestSoaks * soak + wall(ports, stallPatience);
    if (between(this.observed.since, now) <= limit) return undefined;
    return `${reason}, for too long: its checks answer too seldom`;
  }

  private async recordSamples(): Promise<void> {
    const lines = this.watch.lines();
    await this.run.journal.happened(lines);
    this.watch.recorded(lines);
  }

  /** Something moved under the preview. Where it keeps moving, no preview can be trusted. */
  private doubt(stack: string): void {
    const times = (this.doubts.get(stack) ?? 0) + 1;
    this.doubts.set(stack, times);
    if (times > doubtLimit)
      this.obstacle ??= { is: 'waiting', reason: `the state of ${stack} keeps changing` };
    else this.stale.add(stack);
  }

  /** What stood in the way when the rollout was left may be out of the way now. */
  private doubtOldPreviews(): void {
    const state = this.run.journal.state();
    for (const { stack } of unreviewed(state)) this.stale.add(stack);
    for (const [stack, { preview, forward }] of state.stacks)
      if (!forward && preview && preview.foreign.length > 0) this.stale.add(stack);
  }

  /** Samples that come after the end are nobody's evidence: they are not recorded. */
  private ended(outcome: Outcome): RunEnd {
    const { journal } = this.run;
    return { is: 'ended', rollout: journal.rollout, outcome, reason: journal.endReason() ?? '' };
  }
}
