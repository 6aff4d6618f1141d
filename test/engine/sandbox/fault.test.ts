import { expect } from 'chai';
import type { Fault } from '../../../src/core/project';
import { duration } from '../../../src/core/time';
import type { WireObject } from '../../../src/engine/embedded/provider';
import { matches } from '../../../src/engine/sandbox/fault';
import { provider, refusal, Subject, World } from './world';

const BUCKET = 'aws:s3/bucket:Bucket';

describe('sandbox faults', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.remove());

  const bucket = async (faults: readonly Fault[], name = 'assets', stack = 'shop-eu1'): Promise<Subject> =>
    new Subject(await provider(world.open({ faults }), 'aws', {}, stack), BUCKET, name, stack);

  it('match by stack, type, name and image, with wildcards', () => {
    const target = { stack: 'shop-eu2', type: BUCKET, name: 'web', images: ['shop:2.5.1'] };
    const isHit = (match: Fault['match']): boolean => matches({ match }, target);
    expect(isHit({})).to.equal(true);
    expect(isHit({ stack: '*' })).to.equal(true);
    expect(isHit({ stack: 'shop-*2', type: 'aws:s3/*', name: 'web', image: 'shop:2.5.*' })).to.equal(true);
    expect(isHit({ stack: 'shop-eu1' })).to.equal(false);
    expect(isHit({ stack: 'shop-*1' })).to.equal(false);
    expect(isHit({ image: 'shop:2.4.*' })).to.equal(false);
    expect(isHit({ image: 'shop?2.5.1' })).to.equal(false);
    expect(matches({ match: { image: '*' } }, { ...target, images: [] })).to.equal(false);
    expect(matches({ match: { name: 'a' } }, { ...target, name: 'aba' })).to.equal(false);
    expect(matches({ match: { name: 'a*a' } }, { ...target, name: 'a' })).to.equal(false);
  });

  it('fail a call with their own message, and nothing happens', async () => {
    const faults: Fault[] = [{ match: { type: 'aws:s3/*' }, fail: { call: 'create', message: 'SlowDown' } }];
    expect(await refusal((await bucket(faults)).create({}))).to.equal('SlowDown');
    expect(world.open().log()).to.deep.equal([]);
  });

  it('fail only the n-th call, counted over all processes', async () => {
    const faults: Fault[] = [{ match: { type: BUCKET }, fail: { call: 'create', message: 'again', nth: 2 } }];
    const outcomes: string[] = [];
    for (const name of ['a', 'b', 'c']) outcomes.push(await refusal((await bucket(faults, name)).create({})));
    expect(outcomes).to.deep.equal(['', 'again', '']);
  });

  it('lose an answer after the effect, which can be found again', async () => {
    const faults: Fault[] = [{ match: {}, responseLost: { call: 'create', nth: 1 } }];
    const lost = await bucket(faults);
    expect(await refusal(lost.create({}))).to.contain('connection was lost');
    const found = (await lost.provider.find?.(lost.call)) ?? [];
    expect(found.map(({ id }) => id)).to.deep.equal([world.open().log()[0]?.id]);
  });

  it('delay calls of the provider', async () => {
    const slow = await bucket([{ match: { type: BUCKET }, latency: duration(20) }]);
    const start = performance.now();
    await slow.create({});
    expect(performance.now() - start).to.be.at.least(18);
  });

  it('make a workload unhealthy from the release that they name until the next one', async () => {
    const faults: Fault[] = [{ match: { image: 'shop:2.5.*' }, unhealthy: true }];
    const kubernetes = await provider(world.open({ faults }), 'kubernetes');
    const inputs = (version: string): WireObject => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: {}, spec: { containers: [{ name: 'shop', image: `shop:${version}` }] } },
      },
    });
    const ready = (outputs: WireObject) => (outputs['status'] as WireObject)['readyReplicas'];
    const web = await new Subject(kubernetes, 'kubernetes:apps/v1:Deployment', 'web').create(inputs('2.4.0'));
    expect(ready(web.outputs)).to.equal(2);
    expect(ready(await web.update(inputs('2.5.0')))).to.equal(0);
    expect(ready(await web.update(inputs('2.5.0'), true))).to.equal(0);
    expect(ready(await web.update(inputs('2.4.0')))).to.equal(2);
  });
});
