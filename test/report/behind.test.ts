import { expect } from 'chai';
import { type Fleet, type TrackRecord, unknownTrack } from '../../src/core/fleet';
import type { Pins } from '../../src/core/plan';
import type { Project, Stack } from '../../src/core/project';
import type { Release } from '../../src/core/release';
import { behindOf } from '../../src/report/behind';
import { contents, minutes, plan, start, started } from './sample';

const pins = (content: string): Pins => ({ web: { commit: content, digest: `sha256:${content}` } });
const release = (track: string, number: number, content: string): Release => ({
  id: `${track}.${number}`,
  track,
  number,
  components: pins(content),
  sdk: 's',
  digest: `sha256:release-of-${content}`,
});
const RECORD: TrackRecord = {
  ...unknownTrack,
  releases: [release('beta', 1, 'one'), release('beta', 2, 'two')],
  proven: ['beta.1', 'beta.2'],
  current: 'beta.2',
};

const stack = (name: string): Stack => ({
  name,
  channel: 'test',
  labels: {},
  dependsOn: [],
  critical: false,
  providers: {},
  components: { web: { component: 'web', track: 'beta', inputs: {} } },
  outputs: {},
  checks: [],
});
const project = (pinned: string): Project => ({
  name: 'shop',
  engine: { kind: 'embedded', timeout: minutes(60) },
  sandbox: { timeScale: 1, seed: 'shop', faults: [] },
  channels: [
    { name: 'test', waves: [{ percent: 100 }], soak: minutes(5), failureBudget: 0, onFailure: 'halt' },
  ],
  environments: {},
  tracks: { beta: { name: 'beta', components: pins(pinned) } },
  stacks: { 'eu-1': stack('eu-1'), 'us-1': stack('us-1') },
});

/** What the stacks run, by stack; the track's record. */
const fleet = (running: Readonly<Record<string, string>>, record = RECORD): Fleet => ({
  tracks: new Map([['beta', record]]),
  stacks: new Map(
    Object.entries(running).map(([name, content]) => [
      name,
      { contents: contents(content), since: start, deployment: 'd', outputs: {}, isCertain: true },
    ]),
  ),
});
const behind = (pinned: string, of: Fleet) => behindOf(project(pinned), of).get('beta');

describe('what subscribers do not run of what their folder pins', () => {
  it('is nothing where all run it', () => {
    expect(behind('two', fleet({ 'eu-1': 'two', 'us-1': 'two' }))).to.equal(undefined);
  });

  it('is told with its release after a revert of the pins', () => {
    expect(behind('one', fleet({ 'eu-1': 'two', 'us-1': 'two' }))).to.deep.equal({
      release: 'beta.1',
      stacks: ['eu-1', 'us-1'],
    });
  });

  it('is told without one after a merge that brought new content', () => {
    expect(behind('three', fleet({ 'eu-1': 'two', 'us-1': 'two' }))).to.deep.equal({
      stacks: ['eu-1', 'us-1'],
    });
  });

  it('is told of stacks that are new, or ran what another track gave them', () => {
    expect(behind('two', fleet({ 'eu-1': 'two' }))).to.deep.equal({ release: 'beta.2', stacks: ['us-1'] });
    expect(behind('two', fleet({ 'eu-1': 'two', 'us-1': 'nine' }))?.stacks).to.deep.equal(['us-1']);
  });

  it('is left to a rollout that is under way, and to the first one', () => {
    const open = started(plan({ test: [['eu-1']] }));
    expect(behind('one', fleet({ 'eu-1': 'two' }, { ...RECORD, open }))).to.equal(undefined);
    expect(behind('one', fleet({}, unknownTrack))).to.equal(undefined);
  });
});
