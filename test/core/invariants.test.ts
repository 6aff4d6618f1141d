import { expect } from 'chai';
import fc from 'fast-check';
import { decide } from '../../src/core/decide';
import type { LedgerEvent } from '../../src/core/event';
import { failuresOf, overBudget } from '../../src/core/failures';
import { wavesOf } from '../../src/core/plan';
import { advance, inFlight, isTouched, opened, progressOf } from '../../src/core/rollout';
import { healthOf } from '../../src/core/stack-health';
import type { Shape } from './estate';
import { calm, rough, shapes } from './shapes';
import { Simulation } from './simulation';

/** Plays many random rollouts and asks the question before each event. */
function always(
  ask: (event: LedgerEvent, simulation: Simulation) => void,
  luck: fc.Arbitrary<Shape['luck']> = rough,
  kind?: fc.Arbitrary<Shape['kind']>,
): void {
  fc.assert(
    fc.property(shapes(luck, kind), (shape) => {
      new Simulation(shape).play(ask);
    }),
    { numRuns: 60 },
  );
}

const isForward = (event: LedgerEvent): event is Extract<LedgerEvent, { type: 'apply-started' }> =>
  event.type === 'apply-started' && event.direction === 'forward';

const waveOf = ({ plan }: Simulation, stack: string): number =>
  wavesOf(plan).findIndex((wave) => wave.stacks.includes(stack));

describe('invariants of a rollout', () => {
  it('I1: touches no stack before every earlier one is soaked healthy within its budget', () => {
    always((event, world) => {
      if (!isForward(event)) return;
      const { state, plan, now } = world;
      const failed = failuresOf(state);
      expect(overBudget(state)).to.equal(undefined);
      for (const wave of wavesOf(plan).slice(0, waveOf(world, event.stack))) {
        for (const stack of wave.stacks.filter((name) => !failed.has(name))) {
          const health = healthOf(state, stack, now);
          expect(health.verdict, stack).to.equal('healthy');
          if (plan.targets[stack]?.checks.length) {
            expect(world.realHealthy.get(stack) ?? 0, stack).to.be.at.least(wave.channel.soak);
          }
        }
      }
    });
  });

  it('I2: never has two updates of one stack, nor more than allowed, in flight', () => {
    always((event, { state, busy, shape }) => {
      if (event.type !== 'apply-started') return;
      expect(inFlight(state).map(({ stack }) => stack)).not.to.include(event.stack);
      expect(busy.size).to.be.below(shape.parallel);
    });
  });

  it('I3: never starts a stack of an earlier wave after one of a later wave, nor before what it depends on', () => {
    always((event, world) => {
      if (!isForward(event)) return;
      const started = world.log.flatMap(({ event: past }) =>
        isForward(past) && past.attempt === 1 ? [past.stack] : [],
      );
      for (const stack of started) expect(waveOf(world, stack)).to.be.at.most(waveOf(world, event.stack));
      for (const needed of world.plan.targets[event.stack]?.dependsOn ?? []) {
        expect(progressOf(world.state, needed).forward?.end?.result).to.equal('succeeded');
      }
    });
  });

  it('I4: a sample that is older than the update, or of another release or deployment, changes nothing', () => {
    always((event, world) => {
      if (event.type !== 'sampled') return;
      const { state } = world;
      const { forward, back } = progressOf(state, event.stack);
      const attempt = back ?? forward;
      if (!attempt?.end) return;
      const stale = [
        { ...event, from: attempt.end.at, until: attempt.end.at },
        { ...event, release: 'beta.9' },
        { ...event, deployment: 'another' },
        { ...event, rollout: 'another' },
      ];
      for (const sample of stale) {
        expect(advance(state, { event: sample, at: world.now, actor: '' })).to.deep.equal(state);
      }
    });
  });

  it('I5: soak credit never grows by a sample that is unhealthy or unknown', () => {
    always((event, { state, now }) => {
      if (event.type !== 'sampled' || event.verdict === 'healthy') return;
      const after = advance(state, { event, at: now, actor: '' });
      expect(healthOf(after, event.stack, now).soaked).to.be.at.most(
        healthOf(state, event.stack, now).soaked,
      );
      expect(healthOf(after, event.stack, now).isSoaked && event.verdict === 'unknown').to.equal(false);
    });
  });

  it('I6: writes no further intent to go forward once the budget is exceeded', () => {
    always((event, { log, plan }) => {
      if (!isForward(event)) return;
      const failed = new Set(
        log.flatMap(({ event: past }) => {
          const isFailed =
            past.type === 'apply-ended' && past.direction === 'forward' && past.result === 'failed';
          return isFailed || past.type === 'stack-unhealthy' ? [past.stack] : [];
        }),
      );
      for (const { waves, failureBudget } of plan.channels) {
        const some = waves.flat().filter((stack) => failed.has(stack));
        expect(some.length).to.be.at.most(failureBudget);
        expect(some.filter((stack) => plan.targets[stack]?.critical)).to.deep.equal([]);
      }
    });
  });

  it('I7: every update has exactly one intent before it and at most one outcome, across restarts', () => {
    const restless = fc.constant({ ...calm, failing: 20, unhealthy: 3, crash: 30 });
    always((event, { log }) => {
      if (event.type !== 'apply-started' && event.type !== 'apply-ended') return;
      const before = log.filter(
        ({ event: past }) => 'deployment' in past && past.deployment === event.deployment,
      );
      const types = before.map(({ event: past }) => past.type).filter((type) => type !== 'sampled');
      expect(types).to.deep.equal(event.type === 'apply-started' ? [] : ['apply-started']);
    }, restless);
  });

  it('I10: a vetoed release enters no further stack', () => {
    always(
      (event, { log }) => {
        if (isForward(event)) expect(log.some(({ event: past }) => past.type === 'veto-set')).to.equal(false);
      },
      fc.constant({ ...calm, veto: 5 }),
    );
  });

  it('I12: a rollback that fails starts no other one', () => {
    always(
      (event) => {
        if (event.type === 'apply-started') expect(event.direction).to.equal('forward');
        expect(event.type).not.to.equal('take-back-started');
      },
      rough,
      fc.constant('rollback' as const),
    );
  });

  it('I12: a way back that fails is not tried again', () => {
    always(
      (event, { log }) => {
        if (event.type !== 'apply-started' || event.direction !== 'back') return;
        const ends = log.flatMap(({ event: past }) =>
          past.type === 'apply-ended' && past.direction === 'back' && past.stack === event.stack
            ? [past.result]
            : [],
        );
        expect(ends.filter((result) => result !== 'lost')).to.deep.equal([]);
      },
      fc.constant({ ...calm, failing: 40, unhealthy: 5 }),
    );
  });

  it('I17: an abort stops all starts, in every open state, and the rollout ends', () => {
    fc.assert(
      fc.property(shapes(rough.map((luck) => ({ ...luck, abort: 3 }))), (shape) => {
        const simulation = new Simulation(shape);
        const outcome = simulation.play((event, { log }) => {
          if (isForward(event))
            expect(log.some(({ event: past }) => past.type === 'abort-requested')).to.equal(false);
        });
        const isAborted = simulation.log.some(({ event }) => event.type === 'abort-requested');
        if (isAborted)
          expect(outcome).to.be.oneOf(['aborted', 'rolled back', 'halted', 'stuck', 'converged']);
      }),
      { numRuns: 60 },
    );
  });

  it('I18: the log alone fixes the next step, however often and by whatever way it is read', () => {
    always((_, world) => {
      const { log, state, now, shape } = world;
      const [first, ...others] = log;
      if (first?.event.type !== 'rollout-started') return;
      const copy: typeof others = JSON.parse(JSON.stringify(others));
      const folded = copy.reduce(advance, opened(first.event));
      const situation = {
        now,
        busy: new Set(world.busy),
        stale: new Set<string>(),
        parallel: shape.parallel,
      };
      expect(decide(folded, situation)).to.deep.equal(decide(state, situation));
    });
  });

  it('I19: a clock that jumps never lets a stack soak for less real healthy time than asked', () => {
    always(
      (event, world) => {
        if (event.type !== 'wave-ended') return;
        const wave = wavesOf(world.plan)[event.wave];
        for (const stack of wave?.stacks ?? []) {
          const isCounted = world.plan.targets[stack]?.checks.length && !failuresOf(world.state).has(stack);
          if (isCounted) expect(world.realHealthy.get(stack) ?? 0).to.be.at.least(wave?.channel.soak ?? 0);
        }
      },
      fc.constant({ ...calm, unhealthy: 2, unknown: 5, clock: 30 }),
    );
  });

  it('I20: a healthy fleet converges in bounded time', () => {
    fc.assert(
      fc.property(shapes(fc.constant(calm)), (shape) => {
        const simulation = new Simulation(shape);
        expect(simulation.play(() => undefined)).to.equal('converged');
        const waves = wavesOf(simulation.plan).length;
        expect(simulation.steps).to.be.below(20 + waves * 20 + shape.stacks.length * 10);
      }),
      { numRuns: 60 },
    );
  });

  it('I21: converged means that every stack of the plan runs the release, and nothing failed', () => {
    fc.assert(
      fc.property(shapes(rough), (shape) => {
        const simulation = new Simulation(shape);
        if (simulation.play(() => undefined) !== 'converged') return;
        for (const stack of Object.keys(simulation.plan.targets)) {
          const { forward, back } = progressOf(simulation.state, stack);
          expect([forward?.end?.result, back]).to.deep.equal(['succeeded', undefined]);
          expect(forward?.intent.contents['web']?.digest).to.equal('sha256:v2');
        }
      }),
      { numRuns: 100 },
    );
  });

  it('I22: every target stands in exactly one wave, in its own channel, after what it depends on', () => {
    fc.assert(
      fc.property(shapes(fc.constant(calm)), (shape) => {
        const { plan } = new Simulation(shape);
        const waves = wavesOf(plan);
        expect(waves.flatMap((wave) => wave.stacks).sort()).to.deep.equal(Object.keys(plan.targets).sort());
        const places = new Map(waves.flatMap((wave) => wave.stacks.map((stack) => [stack, wave] as const)));
        for (const { stack, channel, dependsOn } of Object.values(plan.targets)) {
          expect(places.get(stack)?.channel.name).to.equal(channel);
          for (const other of dependsOn)
            expect(places.get(other)?.index).to.be.at.most(places.get(stack)?.index ?? -1);
        }
      }),
    );
  });

  it('ends rolled back only when everything touched is back', () => {
    fc.assert(
      fc.property(shapes(rough), (shape) => {
        const simulation = new Simulation(shape);
        if (simulation.play(() => undefined) !== 'rolled back') return;
        for (const progress of simulation.state.stacks.values()) {
          if (isTouched(progress)) expect(progress.back?.end?.result).to.equal('succeeded');
        }
      }),
      { numRuns: 150 },
    );
  });
});
