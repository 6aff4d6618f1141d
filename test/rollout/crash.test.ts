import { expect } from 'chai';
import type { LedgerEvent } from '../../src/core/event';
import { stories } from './stories';
import type { World } from './world';

/**
 * The driver dies after every ledger event, in the middle of every update, and between every effect and its record; then the
 * same command is run again.
 */
describe('a driver that is killed', () => {
  for (const story of stories) {
    it(`comes to the same end: ${story.title}`, async function () {
      this.timeout(120_000);
      for (let killAt = 1; ; killAt++) {
        const world = story.world();
        await world.baseline();
        await story.prepare?.(world);
        world.points = 0;
        const before = world.pins;
        world.killAt = killAt;
        const outcome = await story.act(world);
        const told = `killed at point ${killAt}`;
        expect(outcome, told).to.equal(story.outcome);
        expect(world.runs(), told).to.deep.equal(story.runs);
        if (story.outcome === 'rolled back') expect(world.pins, told).to.deep.equal(before);
        await expectOnce(world, told);
        if (world.crashes === 0) break;
      }
    });
  }
});

/** No update took effect twice, and each has one intent and one end. */
async function expectOnce(world: World, told: string): Promise<void> {
  const events = await world.events();
  // Whatever the attempt: an effect that took place is found, never repeated.
  const effects = world.cloud.applied.map((deployment) => deployment.replace(/\.\d+$/, ''));
  expect(new Set(effects).size, `${told}: effects`).to.equal(effects.length);
  const ids = (type: LedgerEvent['type']) =>
    events.flatMap((event) => (event.type === type && 'deployment' in event ? [event.deployment] : []));
  for (const type of ['apply-started', 'apply-ended'] as const) {
    expect(new Set(ids(type)).size, `${told}: ${type}`).to.equal(ids(type).length);
  }
  expect(ids('apply-ended').sort(), `${told}: every intent has its end`).to.deep.equal(
    ids('apply-started').sort(),
  );
  for (const { lock, pending } of world.cloud.stacks.values()) {
    expect({ lock, pending }, told).to.deep.equal({ lock: undefined, pending: [] });
  }
}
