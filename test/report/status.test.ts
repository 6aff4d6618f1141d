import { expect } from 'chai';
import { type Fleet, type TrackRecord, unknownTrack } from '../../src/core/fleet';
import type { Project, Stack } from '../../src/core/project';
import type { Release } from '../../src/core/release';
import { plain } from '../../src/report/paint';
import { statusOf, statusText } from '../../src/report/status';
import { contents, HOSTILE, later, minutes, plan, start, started } from './sample';

const stack = (name: string, channel: string, some: Partial<Stack> = {}): Stack => ({
  name,
  channel,
  track: 'beta',
  labels: {},
  dependsOn: [],
  critical: false,
  providers: {},
  components: { web: { component: 'web', track: 'beta', inputs: {} } },
  outputs: {},
  checks: [],
  ...some,
});

const pin = { commit: 'c0ffee00c0ffee00', digest: 'sha256:c0ffee', reason: 'load test', until: '2027-12-31' };

const PROJECT: Project = {
  name: 'shop',
  engine: { kind: 'embedded', timeout: minutes(60) },
  sandbox: { timeScale: 1, seed: 'shop', faults: [] },
  channels: ['test', 'production'].map((name) => ({
    name,
    waves: [],
    soak: minutes(5),
    failureBudget: 0,
    onFailure: 'halt' as const,
  })),
  environments: {},
  tracks: {
    alpha: { name: 'alpha', components: {} },
    beta: { name: 'beta', upstream: 'alpha', components: {} },
  },
  stacks: Object.fromEntries(
    [
      stack('shop-1', 'production'),
      stack('shop-0', 'production', {
        components: { web: { component: 'web', track: 'beta', inputs: {}, pin } },
      }),
      stack('test-1', 'test'),
    ].map((one) => [one.name, one]),
  ),
};

const release = (track: string, number: number, content: string): Release => ({
  id: `${track}.${number}`,
  track,
  number,
  components: { web: { commit: content, digest: `sha256:${content}` } },
  sdk: 's',
  digest: `sha256:release-of-${content}`,
});

const alpha: TrackRecord = {
  ...unknownTrack,
  releases: [release('alpha', 1, 'one'), release('alpha', 2, 'two')],
  proven: ['alpha.1', 'alpha.2'],
  current: 'alpha.2',
};
const beta: TrackRecord = {
  ...unknownTrack,
  releases: [release('beta', 1, 'one')],
  proven: ['beta.1'],
  current: 'beta.1',
};

const fleet = (records: Readonly<Record<string, TrackRecord>>): Fleet => ({
  tracks: new Map(Object.entries(records)),
  stacks: new Map([
    [
      'test-1',
      { contents: contents('one', 'beta.1'), since: start, deployment: 'd', outputs: {}, isCertain: true },
    ],
    [
      'shop-1',
      { contents: contents('one'), since: later(30), deployment: 'd', outputs: {}, isCertain: false },
    ],
    [
      'shop-0',
      { contents: contents(pin.commit), since: later(60), deployment: 'd', outputs: {}, isCertain: true },
    ],
  ]),
});

const around = { now: later(125), paint: plain, title: 'shop · embedded engine, sandbox cloud' };

describe('status', () => {
  it('says what runs where since when, what is pinned, what is ready, and the exact next command', () => {
    expect(statusText(statusOf(PROJECT, fleet({ alpha, beta })), around)).to.equal(
      [
        'shop · embedded engine, sandbox cloud',
        '',
        'track  runs',
        'alpha  alpha.2  proven',
        "beta   beta.1   proven  alpha's alpha.2 is ready",
        '',
        'stack   channel     release          since',
        'test-1  test        beta.1           2026-11-21 08:00Z  2h 5m ago',
        'shop-0  production  commit c0ffee00  2026-11-21 09:00Z  1h 5m ago   pinned: web until 2027-12-31',
        'shop-1  production  beta.1           2026-11-21 08:30Z  1h 35m ago  not certain: an update failed or has not ended',
        '',
        'next: npm run promote -- --track beta',
      ].join('\n'),
    );
  });

  it('says that nobody drives an open rollout, and how to go on', () => {
    const open = started(plan({ test: [['test-1']] }));
    const text = statusText(
      statusOf(PROJECT, fleet({ alpha, beta: { ...beta, open } }), { track: 'beta' }),
      around,
    );
    expect(text).to.contain('promote of beta.2 has not ended: nobody drives it');
    expect(text).to.match(/next: npm run resume -- --track beta$/);
  });

  it('says who drives one, and asks for nothing then', () => {
    const open = started(plan({ test: [['test-1']] }));
    const drivers = new Map([['beta', 'ada on laptop (pid 7)']]);
    const said = statusOf(PROJECT, fleet({ alpha, beta: { ...beta, open } }), { drivers });
    expect(statusText(said, around)).to.contain('has not ended: driven by ada on laptop (pid 7)');
    expect(said.next).to.deep.equal([]);
  });

  it('names stacks that are no longer as they were reviewed, and asks for an approval first', () => {
    const open = started(plan({ test: [['test-1']] }));
    const one = {
      stack: 'test-1',
      moved: ['versions', 'state version', 'changes'],
      unlike: ['update t a'],
    } as const;
    const unreviewed = new Map([['beta', [one]]]);
    const said = statusOf(PROJECT, fleet({ alpha, beta: { ...beta, open } }), { unreviewed });
    expect(statusText(said, around)).to.contain(
      'test-1 would not change as reviewed: versions, state version and changes moved (update t a)',
    );
    expect(said.next).to.deep.equal(['npm run accept -- --track beta']);
  });

  it('does not offer what the track went back from, and offers what came after it', () => {
    const back: TrackRecord = {
      ...beta,
      releases: [...beta.releases, release('beta', 2, 'two')],
      vetoes: new Map([['beta.2', 'eu-1 is unhealthy']]),
    };
    const vetoed = statusOf(PROJECT, fleet({ alpha, beta: back }));
    expect(vetoed.next).to.deep.equal([]);
    expect(statusText(vetoed, around)).to.contain('vetoed beta.2: eu-1 is unhealthy');
    const fixed = {
      ...alpha,
      releases: [...alpha.releases, release('alpha', 3, 'three')],
      proven: ['alpha.2', 'alpha.3'],
    };
    expect(statusOf(PROJECT, fleet({ alpha: fixed, beta: back })).next).to.deep.equal([
      'npm run promote -- --track beta',
    ]);
  });

  it('says so where nothing runs yet, and shows only the stacks of a track that is asked for', () => {
    const said = statusOf(PROJECT, { tracks: new Map(), stacks: new Map() }, { track: 'alpha' });
    expect(statusText(said, around)).to.equal(
      `${around.title}\n\ntrack  runs\nalpha  nothing yet\n\nstack  channel  release  since`,
    );
  });

  it('stays in its lines whatever a reason says', () => {
    const said = statusOf(PROJECT, fleet({ beta: { ...beta, vetoes: new Map([['beta.9', HOSTILE]]) } }));
    expect(statusText(said, around).replaceAll('\n', '')).not.to.match(/[\p{Cc}\p{Cf}]/u);
  });
});
