import { expect } from 'chai';
import { type Estate, runningEstate } from './estate';
import { must } from './program';

const DRIFT =
  "faults: [{ match: { stack: live-a, type: '*Deployment' }, drift: { property: spec.replicas, value: 7 } }]";

interface Previewed {
  readonly stack: string;
  readonly changes: Readonly<Record<string, number>>;
  readonly drift?: readonly { readonly kind: string; readonly name: string; readonly properties: unknown }[];
}

describe('looking for what somebody changed by hand', function () {
  this.timeout(240_000);
  let estate: Estate;

  before(async () => {
    estate = await runningEstate();
  });

  it('finds none where all is as the states say', async () => {
    const ran = must(await estate.run('preview', '--all', '--refresh', '--expect-no-changes'));
    expect(ran.stdout).to.contain('drift  none: all is as the states say');
    expect(ran.stdout).not.to.contain('by goal digest');
  });

  it('says stack by stack what is otherwise and what an update would do about it, and changes nothing', async () => {
    estate.edit('signalbox.yaml', 'faults: []', DRIFT);
    const state = estate.files('.signalbox/state');
    expect(must(await estate.run('preview', '--all')).stdout)
      .to.contain('6 unchanged')
      .and.not.contain('drift');
    const ran = must(await estate.run('preview', '--all', '--refresh'));
    expect(ran.stdout).to.contain(
      [
        'drift  1 stack not as the state says (state → what is there):',
        '    live-a',
        '        ~ kubernetes:apps/v1:Deployment  web',
        '            spec.replicas: 2 → 7',
      ].join('\n'),
    );
    expect(ran.stdout)
      .to.contain('spec.replicas: 7 → 2')
      .and.contain('6 stacks: 1 kind of change, 5 unchanged');
    expect(estate.files('.signalbox/state')).to.deep.equal(state);
  });

  it('exits with 7 where no changes are expected, and says the same in JSON and in a comment', async () => {
    const ran = await estate.run('preview', '--all', '--refresh', '--expect-no-changes', '--json');
    expect(ran.code).to.equal(7);
    const stacks = ran.result['stacks'] as readonly Previewed[];
    expect(
      stacks.flatMap(({ stack, drift = [] }) => drift.map(({ kind, name }) => [stack, kind, name])),
    ).to.deep.equal([['live-a', 'update', 'web']]);
    const comment = must(await estate.run('preview', '--all', '--refresh', '--format', 'markdown')).stdout;
    expect(comment).to.contain('<b>Drift</b> in 1 stack').and.contain('      spec.replicas: 2 → 7');
  });
});
