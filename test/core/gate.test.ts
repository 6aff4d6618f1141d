import { expect } from 'chai';
import type { Recorded } from '../../src/core/event';
import { fleetOf } from '../../src/core/fleet';
import { admissionGates, ask } from '../../src/core/gate';
import type { Project } from '../../src/core/project';
import type { Release } from '../../src/core/release';
import { instant } from '../../src/core/time';

const release = (track: string, number: number, web: string): Release => ({
  id: `${track}.${number}`,
  track,
  number,
  components: { web: { commit: web, digest: `sha256:${web}` } },
  sdk: 's',
  digest: `sha256:${track}${number}`,
});
const project = { tracks: { alpha: {}, beta: { upstream: 'alpha' } } } as unknown as Project;

/** What the gates say of a release of beta, after alpha proved it as alpha.1 and then recorded `more`. */
function asked(kind: 'promote' | 'up' | 'rollback', ...more: Recorded['event'][]) {
  const events: Recorded['event'][] = [
    { type: 'release-recorded', release: release('alpha', 1, 'w1') },
    { type: 'release-proven', rollout: 'r', release: 'alpha.1', evidence: 'checks' },
    ...more,
  ];
  const log = events.map((event, at) => ({
    track: 'alpha',
    seq: at + 1,
    at: instant(at),
    actor: 'ada',
    event,
  }));
  const wish = { kind, project, fleet: fleetOf([log]), release: release('beta', 1, 'w1'), isAgain: true };
  return ask(admissionGates, wish);
}

const VETO = { type: 'veto-set', release: 'alpha.1', reason: 'it leaks' } as const;

describe('the gates before a rollout', () => {
  for (const kind of ['promote', 'up'] as const)
    it(`let nothing go further by ${kind} that its upstream proved and then vetoed, not even with --again`, () => {
      expect(asked(kind)).to.deep.equal({ is: 'pass' });
      expect(asked(kind, VETO)).to.deep.equal({
        is: 'refuse',
        reason: 'alpha vetoed alpha.1, which beta.1 copies: it leaks',
      });
      const lifted = { type: 'veto-cleared', release: 'alpha.1', reason: 'mended' } as const;
      expect(asked(kind, VETO, lifted)).to.deep.equal({ is: 'pass' });
    });

  it('let through what another release of the upstream proved and nobody vetoed', () => {
    const another = [
      { type: 'release-recorded', release: release('alpha', 2, 'w1') },
      { type: 'release-proven', rollout: 'r', release: 'alpha.2', evidence: 'checks' },
    ] as const;
    expect(asked('promote', VETO, ...another)).to.deep.equal({ is: 'pass' });
  });
});
