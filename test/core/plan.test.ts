import { expect } from 'chai';
import type { Recorded } from '../../src/core/event';
import { fleetOf, rollbackTarget } from '../../src/core/fleet';
import { contentsOf, planRollout, wavesOf } from '../../src/core/plan';
import type { Project, Stack, StackComponent } from '../../src/core/project';
import { duration, instant } from '../../src/core/time';
import { inOrder, wavesIn } from '../../src/core/waves';

const pin = (name: string) => ({ commit: name, digest: `sha256:${name}` });
const follows = (component: string, track: string, more: Partial<StackComponent> = {}): StackComponent => ({
  component,
  track,
  inputs: {},
  ...more,
});

function project(stacks: Record<string, Partial<Stack> & { components: Stack['components'] }>): Project {
  const channel = (name: string) => ({
    name,
    waves: [{ count: 1 }, { percent: 100 }],
    soak: duration(1),
    failureBudget: 0,
    onFailure: 'take-back' as const,
  });
  const plain = {
    channel: 'test',
    labels: {},
    dependsOn: [],
    critical: false,
    providers: {},
    outputs: {},
    checks: [],
  };
  return {
    name: 'shop',
    engine: { kind: 'embedded', timeout: duration(1) },
    sandbox: { timeScale: 1, seed: '', faults: [] },
    channels: [channel('test'), channel('production')],
    environments: {},
    tracks: {
      beta: { name: 'beta', components: { web: pin('w2') } },
      prod: { name: 'prod', components: { web: pin('w1'), data: pin('d1') } },
    },
    stacks: Object.fromEntries(
      Object.entries(stacks).map(([name, stack]) => [name, { name, ...plain, ...stack }]),
    ),
  };
}

const release = {
  id: 'beta.2',
  track: 'beta',
  number: 2,
  components: { web: pin('w2') },
  sdk: 's',
  digest: 'x',
};
const nowhere = fleetOf([]);
const kind = 'promote' as const;

/** A ledger of track `track` in which `stack` was updated to this content at minute `at`. */
function ledgerOf(
  track: string,
  updates: readonly {
    at: number;
    stack: string;
    web: string;
    result?: 'succeeded' | 'failed';
    configuration?: string;
  }[],
): Recorded[] {
  return updates
    .flatMap(({ at, stack, web, result = 'succeeded', configuration }, index): Recorded['event'][] => {
      const apply = { rollout: 'r', deployment: `${track}.${index}`, stack, direction: 'forward' } as const;
      const contents = { web: { component: 'web', track, ...pin(web) } };
      return [
        { type: 'apply-started', ...apply, attempt: at, contents, ...(configuration && { configuration }) },
        { type: 'apply-ended', ...apply, result },
      ];
    })
    .map((event, index) => ({
      track,
      seq: index + 1,
      at: instant(updates[index >> 1]?.at ?? 0),
      actor: 'ada',
      event,
    }));
}

describe('waves', () => {
  const five = ['a', 'b', 'c', 'd', 'e'];
  for (const [title, stacks, sizes, expected] of [
    ['are cumulative', five, [{ count: 1 }, { count: 3 }, { percent: 100 }], [['a'], ['b', 'c'], ['d', 'e']]],
    [
      'round shares down',
      five,
      [{ percent: 50 }, { percent: 100 }],
      [
        ['a', 'b'],
        ['c', 'd', 'e'],
      ],
    ],
    ['take at least one stack', five, [{ percent: 1 }, { percent: 100 }], [['a'], ['b', 'c', 'd', 'e']]],
    ['collapse where empty', ['a'], [{ count: 1 }, { percent: 25 }, { percent: 100 }], [['a']]],
    ['never leave a stack out', five, [{ count: 2 }], [five]],
    ['of nothing are none', [], [{ count: 1 }, { percent: 100 }], []],
    ['are clamped to the channel', five, [{ count: 9 }, { percent: 100 }], [five]],
  ] as const) {
    it(title, () => expect(wavesIn(stacks, sizes)).to.deep.equal(expected));
  }

  it('put dependencies first and critical stacks last', () => {
    const stack = (name: string, critical = false, dependsOn: string[] = []) => ({
      stack: name,
      critical,
      dependsOn,
    });
    expect(inOrder([stack('a', true), stack('b', false, ['c']), stack('c'), stack('d')])).to.deep.equal([
      'c',
      'b',
      'd',
      'a',
    ]);
    expect(inOrder([stack('a', true), stack('b', false, ['a'])])).to.deep.equal(['a', 'b']);
  });
});

describe('a plan', () => {
  it('takes stacks that follow the track with any component, in the order of their channels', () => {
    const estate = project({
      shop: { channel: 'production', components: { web: follows('web', 'beta') } },
      mixed: { components: { web: follows('web', 'beta'), data: follows('data', 'prod') } },
      other: { components: { web: follows('web', 'prod') } },
    });
    const plan = planRollout({ kind, project: estate, fleet: nowhere, release });
    expect(wavesOf(plan).map(({ channel, stacks }) => [channel.name, ...stacks])).to.deep.equal([
      ['test', 'mixed'],
      ['production', 'shop'],
    ]);
    expect(plan.targets['mixed']?.moves).to.deep.equal(['web']);
    expect(plan.targets['mixed']?.contents['data']).to.deep.equal({
      component: 'data',
      track: 'prod',
      ...pin('d1'),
    });
  });

  it('leaves out stacks that run the content already, and says so', () => {
    const estate = project({
      a: { components: { web: follows('web', 'beta') } },
      b: { components: { web: follows('web', 'beta') } },
    });
    const fleet = fleetOf([
      ledgerOf('beta', [
        { at: 1, stack: 'a', web: 'w2' },
        { at: 2, stack: 'b', web: 'w1' },
      ]),
    ]);
    const plan = planRollout({ kind, project: estate, fleet, release });
    expect([plan.already, Object.keys(plan.targets)]).to.deep.equal([['a'], ['b']]);
    expect(plan.targets['b']?.before?.['web']?.digest).to.equal('sha256:w1');
  });

  it('touches a stack that runs the content with another configuration, unless none was recorded', () => {
    const components = { web: follows('web', 'beta') };
    const fleet = fleetOf([
      ledgerOf('beta', [
        { at: 1, stack: 'moved', web: 'w2', configuration: 'old' },
        { at: 2, stack: 'same', web: 'w2', configuration: 'new' },
        { at: 3, stack: 'unrecorded', web: 'w2' },
      ]),
    ]);
    const stacks = ['moved', 'same', 'unrecorded'];
    const estate = project(Object.fromEntries(stacks.map((stack) => [stack, { components }])));
    const configurations = new Map(stacks.map((stack) => [stack, 'new']));
    const plan = planRollout({ kind, project: estate, fleet, release, configurations });
    expect(plan.already).to.deep.equal(['same', 'unrecorded']);
    expect(
      Object.values(plan.targets).map(({ stack, isReconfigured }) => [stack, isReconfigured]),
    ).to.deep.equal([['moved', true]]);
  });

  it('touches a stack again whose last update failed, even if it ran the content before', () => {
    const estate = project({ a: { components: { web: follows('web', 'beta') } } });
    const fleet = fleetOf([
      ledgerOf('beta', [
        { at: 1, stack: 'a', web: 'w2' },
        { at: 2, stack: 'a', web: 'w3', result: 'failed' },
      ]),
    ]);
    expect(Object.keys(planRollout({ kind, project: estate, fleet, release }).targets)).to.deep.equal(['a']);
  });

  it('leaves a strictly pinned component where it is pinned', () => {
    const pinned = follows('web', 'beta', { pin: { ...pin('w0'), reason: 'r', until: '2027-01-01' } });
    const estate = project({
      a: { components: { web: pinned } },
      b: { components: { web: pinned, more: follows('web', 'beta') } },
    });
    const plan = planRollout({ kind, project: estate, fleet: nowhere, release });
    expect(Object.keys(plan.targets)).to.deep.equal(['b']);
    expect(plan.targets['b']?.contents['web']?.digest).to.equal('sha256:w0');
  });

  it("keeps other tracks' components on what the ledger says runs, not on their newer pins", () => {
    const estate = project({ a: { components: { web: follows('web', 'prod') } } });
    const fleet = fleetOf([ledgerOf('prod', [{ at: 1, stack: 'a', web: 'w0' }])]);
    const [stack] = Object.values(estate.stacks);
    expect(stack && contentsOf(stack, release, estate, fleet)['web']?.digest).to.equal('sha256:w0');
  });

  it('brings a baseline up channel by channel, without waves and without a soak', () => {
    const stacks = Object.fromEntries(
      ['a', 'b', 'c'].map((name) => [name, { components: { web: follows('web', 'beta') } }]),
    );
    const { channels } = planRollout({ kind: 'baseline', project: project(stacks), fleet: nowhere, release });
    expect(channels.map(({ waves, soak }) => [waves, soak])).to.deep.equal([[[['a', 'b', 'c']], 0]]);
  });
});

describe('the fleet', () => {
  it('knows the newest update of a stack across tracks', () => {
    const fleet = fleetOf([
      ledgerOf('beta', [{ at: 5, stack: 'a', web: 'w5' }]),
      ledgerOf('prod', [{ at: 3, stack: 'a', web: 'w3' }]),
    ]);
    expect(fleet.stacks.get('a')?.contents?.['web']?.digest).to.equal('sha256:w5');
  });

  it('never reorders the entries of one track, whatever the clock said', () => {
    const fleet = fleetOf([
      ledgerOf('beta', [
        { at: 9, stack: 'a', web: 'old' },
        { at: 1, stack: 'a', web: 'new' },
      ]),
      ledgerOf('prod', []),
    ]);
    expect(fleet.stacks.get('a')?.contents?.['web']?.digest).to.equal('sha256:new');
  });

  it('rolls back to the newest proven release below the current one that nobody vetoed', () => {
    const numbered = (number: number) => ({ ...release, id: `beta.${number}`, number });
    const rollout = 'r';
    const events: Recorded['event'][] = [
      ...[1, 2, 3, 4].map((number) => ({ type: 'release-recorded' as const, release: numbered(number) })),
      ...[1, 2, 3, 4].map((number) => ({
        type: 'release-proven' as const,
        rollout,
        release: `beta.${number}`,
        evidence: 'checks' as const,
      })),
      { type: 'rollout-ended', rollout, release: 'beta.4', outcome: 'converged', reason: '', stacks: {} },
      { type: 'veto-set', release: 'beta.3', reason: 'leaks' },
    ];
    const fleet = fleetOf([
      events.map((event, index) => ({
        track: 'beta',
        seq: index + 1,
        at: instant(index),
        actor: 'ada',
        event,
      })),
    ]);
    expect(rollbackTarget(fleet, 'beta')?.id).to.equal('beta.2');
  });

  it('rolls back to the current release first where a halted rollout left a stack above it', () => {
    const at = (number: number) => ({
      ...release,
      id: `beta.${number}`,
      number,
      components: { web: pin(`w${number}`) },
    });
    const proof = { type: 'release-proven', rollout: 'r', evidence: 'checks' } as const;
    const ended = { type: 'rollout-ended', rollout: 'r', reason: '', stacks: {} } as const;
    const apply = { rollout: 'r', deployment: 'd', stack: 's', direction: 'forward' } as const;
    const content = { component: 'web', track: 'beta', release: 'beta.3', ...pin('w3') };
    const halted: Recorded['event'][] = [
      ...[1, 2, 3].map((number) => ({ type: 'release-recorded' as const, release: at(number) })),
      { ...proof, release: 'beta.1' },
      { ...proof, release: 'beta.2' },
      { ...ended, release: 'beta.2', outcome: 'converged' },
      { ...apply, type: 'apply-started', attempt: 1, contents: { web: content } },
      { ...apply, type: 'apply-ended', result: 'succeeded' },
      { ...ended, release: 'beta.3', outcome: 'halted' },
    ];
    const targetAfter = (events: readonly Recorded['event'][]) => {
      const entries = events.map((event, index) => ({
        track: 'beta',
        seq: index + 1,
        at: instant(index),
        actor: 'ada',
        event,
      }));
      return rollbackTarget(fleetOf([entries]), 'beta')?.id;
    };
    expect(targetAfter(halted)).to.equal('beta.2');
    expect(targetAfter(halted.filter(({ type }) => !type.startsWith('apply-')))).to.equal('beta.1');
    const veto = { type: 'veto-set', release: 'beta.2', reason: 'leaks' } as const;
    expect(targetAfter([...halted, veto]), 'never to what is vetoed').to.equal('beta.1');
  });
});
