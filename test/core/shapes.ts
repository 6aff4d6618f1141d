import fc from 'fast-check';
import { duration } from '../../src/core/time';
import { every, type Shape } from './estate';

const waveSize = fc.oneof(
  fc.integer({ min: 1, max: 4 }).map((count) => ({ count })),
  fc.integer({ min: 1, max: 100 }).map((percent) => ({ percent })),
);
const percent = (max: number) => fc.integer({ min: 0, max });
/** Nothing goes wrong. */
export const calm = { failing: 0, unhealthy: 0, unknown: 0, crash: 0, abort: 0, veto: 0, clock: 0 };

/** Random fleets with this luck. */
export const shapes = (
  luck: fc.Arbitrary<Shape['luck']>,
  kind: fc.Arbitrary<Shape['kind']> = fc.constant('promote'),
) =>
  fc.record<Shape>({
    channels: fc.array(
      fc.record({
        soak: fc.integer({ min: 0, max: 8 }).map((n) => duration(n * every)),
        failureBudget: fc.integer({ min: 0, max: 2 }),
        onFailure: fc.constantFrom('take-back' as const, 'halt' as const),
        waves: fc.array(waveSize, { minLength: 1, maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    stacks: fc.array(
      fc.record({
        channel: fc.integer({ min: 0, max: 2 }),
        critical: fc.boolean(),
        hasChecks: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
        needed: fc.integer({ min: 1, max: 3 }),
        of: fc.integer({ min: 1, max: 3 }),
        dependsOn: fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 2 }),
      }),
      { minLength: 1, maxLength: 9 },
    ),
    kind,
    parallel: fc.integer({ min: 1, max: 4 }),
    luck,
    seed: fc.integer({ min: 0, max: 2 ** 31 }),
  });

/** Everything goes wrong now and then. */
export const rough = fc.record({
  failing: percent(20),
  unhealthy: percent(10),
  unknown: percent(10),
  crash: percent(5),
  abort: fc.constantFrom(0, 0, 0, 1),
  veto: fc.constantFrom(0, 0, 0, 1),
  clock: percent(5),
});
