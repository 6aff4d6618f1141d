import type { Verdict } from '../../src/core/check';
import { decide, type Step } from '../../src/core/decide';
import type { ApplyStarted, LedgerEvent, Outcome, Recorded, Sampled } from '../../src/core/event';
import { type Pins, type Plan, planRollout } from '../../src/core/plan';
import { inFlight, isApplied, isBack, progressOf, type RolloutState, replay } from '../../src/core/rollout';
import { type Instant, instant } from '../../src/core/time';
import { every, fleetOn, pin, projectOf, type Shape } from './estate';

/** Plays a whole rollout against `decide`: everything that could happen in the world is a throw of the dice. */
export class Simulation {
  readonly log: Recorded[] = [];
  readonly plan: Plan;
  readonly rollout = 'beta-1-x';
  readonly busy = new Set<string>();
  readonly realHealthy = new Map<string, number>();
  steps = 0;
  now: Instant = instant(1_000_000);
  private real = 0;
  private readonly lastHealthyAt = new Map<string, number>();
  private dice: number;

  constructor(readonly shape: Shape) {
    this.dice = shape.seed;
    const project = projectOf(shape);
    const fleet = fleetOn(project, pin('v1'));
    const release = {
      id: 'beta.2',
      track: 'beta',
      number: 2,
      components: { web: pin('v2') },
      sdk: 's',
      digest: 'd',
    };
    this.plan = planRollout({ kind: shape.kind, project, fleet, release });
    const pins: Pins = release.components;
    this.write({
      type: 'rollout-started',
      rollout: this.rollout,
      kind: shape.kind,
      release: release.id,
      plan: this.plan,
      pinsBefore: {},
      pinsAfter: pins,
    });
  }

  get state(): RolloutState {
    const state = replay(this.log, this.rollout);
    if (!state) throw new Error('not started');
    return state;
  }

  next(): Step {
    return decide(this.state, {
      now: this.now,
      busy: this.busy,
      stale: new Set(),
      parallel: this.shape.parallel,
    });
  }

  /** Plays until the end, asking `watch` before each event is written; undefined where it must wait for ever. */
  play(watch: (event: LedgerEvent, simulation: Simulation) => void, limit = 4_000): Outcome | undefined {
    this.watch = watch;
    for (; this.steps < limit; this.steps++) {
      this.mishaps();
      const step = this.next();
      if (step.do === 'stop') return step.outcome;
      if (step.do === 'wait') return undefined;
      this.perform(step);
    }
    return undefined;
  }

  throw(percent: number): boolean {
    this.dice = (Math.imul(this.dice, 1664525) + 1013904223) >>> 0;
    return (this.dice >>> 8) % 100 < percent;
  }

  private watch: (event: LedgerEvent, simulation: Simulation) => void = () => undefined;

  private mishaps(): void {
    const { luck } = this.shape;
    const { rollout } = this;
    if (this.throw(luck.crash)) this.busy.clear();
    if (this.throw(luck.abort))
      this.write({
        type: 'abort-requested',
        rollout,
        mode: this.throw(50) ? 'stop' : 'take-back',
        reason: 'no',
      });
    if (this.throw(luck.veto)) this.write({ type: 'veto-set', release: 'beta.2', reason: 'no' });
    if (this.throw(luck.clock)) this.now = instant(this.now + (this.throw(50) ? 25 * every : -5 * every));
  }

  private perform(step: Exclude<Step, { do: 'stop' | 'wait' }>): void {
    const { rollout } = this;
    switch (step.do) {
      case 'recover':
        for (const intent of step.applies)
          this.end(
            intent,
            this.throw(50) ? 'lost' : this.throw(this.shape.luck.failing) ? 'failed' : 'succeeded',
          );
        return;
      case 'apply':
        for (const stack of step.stacks) this.begin(stack, step.direction);
        return;
      case 'settle':
        this.endOne();
        return;
      case 'observe':
        if (this.busy.size > 0 && this.throw(50)) this.endOne();
        else this.sampleAll();
        return;
      case 'preview':
        for (const stack of step.stacks) this.preview(stack, step.direction);
        return;
      case 'judge':
        this.write({ type: 'stack-unhealthy', rollout, stack: step.stack, reason: step.reason });
        return;
      case 'start-wave':
        this.write({
          type: 'wave-started',
          rollout,
          wave: step.wave.index,
          channel: step.wave.channel.name,
          stacks: step.wave.stacks,
        });
        return;
      case 'end-wave':
        this.write({
          type: 'wave-ended',
          rollout,
          wave: step.wave.index,
          channel: step.wave.channel.name,
          withoutChecks: [],
        });
        return;
      case 'take-back':
        this.write({
          type: 'take-back-started',
          rollout,
          scope: step.scope,
          stacks: step.stacks,
          reason: step.reason,
        });
        return;
      case 'finish':
        this.write({
          type: 'rollout-ended',
          rollout,
          release: 'beta.2',
          outcome: step.outcome,
          reason: step.reason,
          stacks: {},
        });
        return;
    }
  }

  private begin(stack: string, direction: 'forward' | 'back'): void {
    const attempt = (progressOf(this.state, stack)[direction]?.intent.attempt ?? 0) + 1;
    const deployment = `${this.rollout}.${stack}.${direction}.${attempt}`;
    const target = this.plan.targets[stack];
    const contents = (direction === 'forward' ? target?.contents : target?.before) ?? {};
    const release = direction === 'forward' ? 'beta.2' : 'beta.1';
    this.write({
      type: 'apply-started',
      rollout: this.rollout,
      deployment,
      stack,
      direction,
      attempt,
      release,
      contents,
    });
    this.busy.add(stack);
  }

  private endOne(): void {
    const open = inFlight(this.state).filter(({ stack }) => this.busy.has(stack));
    const intent = open[this.dice % Math.max(1, open.length)];
    this.real += 1_000;
    this.now = instant(this.now + 1_000);
    if (intent)
      this.end(
        intent,
        this.throw(this.shape.luck.failing) ? (this.throw(30) ? 'lost' : 'failed') : 'succeeded',
      );
  }

  private end(intent: ApplyStarted, result: 'succeeded' | 'failed' | 'lost'): void {
    const { rollout, deployment, stack, direction } = intent;
    this.write({ type: 'apply-ended', rollout, deployment, stack, direction, result, outputs: {} });
    this.busy.delete(stack);
    this.realHealthy.set(stack, 0);
    this.lastHealthyAt.delete(stack);
  }

  private preview(stack: string, direction: 'forward' | 'back'): void {
    const irreversible =
      direction === 'back' && this.throw(5)
        ? [{ urn: 'u', type: 't', name: 'n', why: 'would be deleted' as const }]
        : [];
    const counts = { create: 0, update: 1, replace: 0, delete: 0, same: 0 };
    this.write({
      type: 'stack-previewed',
      rollout: this.rollout,
      stack,
      direction,
      counts,
      class: 'c',
      digest: 'd',
      operation: 'o',
      stateVersion: 's',
      irreversible,
      foreign: [],
    });
  }

  /** One interval passes, then everything that runs the new release, or went back, is sampled. */
  private sampleAll(): void {
    this.real += every;
    this.now = instant(this.now + every);
    for (const { stack, checks } of Object.values(this.plan.targets)) {
      const progress = progressOf(this.state, stack);
      const intent = (progress.back ?? progress.forward)?.intent;
      if (!(isApplied(progress) || isBack(progress)) || !intent) continue;
      if (checks.length === 0) continue;
      const { unhealthy, unknown } = this.shape.luck;
      const verdict: Verdict = this.throw(unhealthy)
        ? 'unhealthy'
        : this.throw(unknown)
          ? 'unknown'
          : 'healthy';
      this.onlook(stack, verdict);
      for (const check of checks) this.write(this.sample(intent, check.name, verdict));
    }
  }

  sample(intent: ApplyStarted, check: string, verdict: Verdict): Sampled {
    const { rollout, stack, deployment, release } = intent;
    const at = this.now;
    return {
      type: 'sampled',
      rollout,
      stack,
      check,
      deployment,
      ...(release ? { release } : {}),
      every,
      verdict,
      reason: verdict,
      from: at,
      until: at,
      samples: 1,
    };
  }

  private onlook(stack: string, verdict: Verdict): void {
    const last = this.lastHealthyAt.get(stack);
    if (verdict === 'unhealthy' || verdict === 'unknown') this.lastHealthyAt.delete(stack);
    else {
      if (last !== undefined)
        this.realHealthy.set(stack, (this.realHealthy.get(stack) ?? 0) + this.real - last);
      this.lastHealthyAt.set(stack, this.real);
    }
  }

  private write(event: LedgerEvent): void {
    this.watch(event, this);
    this.log.push({ track: 'beta', seq: this.log.length + 1, at: this.now, actor: 'ada', event });
  }
}
