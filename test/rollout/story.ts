import type { LedgerEvent } from '../../src/core/event';

/** The line of a story that tells an event; previews, samples and good ends go without saying. */
export function told(event: LedgerEvent): string[] {
  switch (event.type) {
    case 'rollout-started':
      return [`${event.kind} ${event.release}`];
    case 'wave-started':
      return [`wave ${event.wave + 1} of ${event.channel}: ${event.stacks.join(' ')}`];
    case 'wave-ended':
      return [`wave ${event.wave + 1} soaked`];
    case 'apply-started':
      return [`${event.stack} ${event.direction}${event.attempt > 1 ? ` again` : ''}`];
    case 'apply-ended':
      return event.result === 'succeeded' ? [] : [`${event.stack} ${event.result}`];
    case 'stack-unhealthy':
      return [`${event.stack} unhealthy`];
    case 'take-back-started':
      return [`taking back ${event.stacks.join(' ')}`];
    case 'release-proven':
      return [`${event.release} proven`];
    case 'veto-set':
      return [`${event.release} vetoed`];
    case 'abort-requested':
      return [`abort asked`];
    case 'rollout-ended':
      return [`${event.outcome}: ${event.reason}`];
    default:
      return [];
  }
}
