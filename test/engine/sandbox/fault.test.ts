import { expect } from 'chai';
import type { Fault, Value } from '../../../src/core/project';
import { duration } from '../../../src/core/time';
import type { WireObject } from '../../../src/engine/embedded/provider';
import type { CloudSettings } from '../../../src/engine/sandbox/cloud';
import { admitted, befalling } from '../../../src/engine/sandbox/fault';
import { provider, refusal, Subject, World } from './world';

const BUCKET = 'aws:s3/bucket:Bucket';

describe('sandbox faults', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.remove());

  const bucket = async (
    faults: readonly Fault[],
    {
      name = 'assets',
      stack = 'shop-eu1',
      ...more
    }: Partial<CloudSettings & { name: string; stack: string }> = {},
  ): Promise<Subject> =>
    new Subject(await provider(world.open({ faults, ...more }), 'aws', {}, stack), BUCKET, name, stack);

  it('match by stack, type, name and image, with wildcards', () => {
    const target = { stack: 'shop-eu2', type: BUCKET, name: 'web', images: ['shop:2.5.1'] };
    const isHit = (match: Fault['match'], of = target): boolean =>
      befalling({ seed: 'shop', faults: [{ match }] }, of).length > 0;
    expect(isHit({})).to.equal(true);
    expect(isHit({ stack: '*' })).to.equal(true);
    expect(isHit({ stack: 'shop-*2', type: 'aws:s3/*', name: 'web', image: 'shop:2.5.*' })).to.equal(true);
    expect(isHit({ stack: 'shop-eu1' })).to.equal(false);
    expect(isHit({ stack: 'shop-*1' })).to.equal(false);
    expect(isHit({ image: 'shop:2.4.*' })).to.equal(false);
    expect(isHit({ image: 'shop?2.5.1' })).to.equal(false);
    expect(isHit({ image: '*' }, { ...target, images: [] })).to.equal(false);
    expect(isHit({ name: 'a' }, { ...target, name: 'aba' })).to.equal(false);
    expect(isHit({ name: 'a*a' }, { ...target, name: 'a' })).to.equal(false);
  });

  it('fail a call with their own message, and nothing happens', async () => {
    const faults: Fault[] = [{ match: { type: 'aws:s3/*' }, fail: { call: 'create', message: 'SlowDown' } }];
    expect(await refusal((await bucket(faults)).create({}))).to.equal('SlowDown');
    expect(world.open().log()).to.deep.equal([]);
  });

  it('fail only the n-th call, counted over all processes', async () => {
    const faults: Fault[] = [{ match: { type: BUCKET }, fail: { call: 'create', message: 'again', nth: 2 } }];
    const outcomes: string[] = [];
    for (const name of ['a', 'b', 'c'])
      outcomes.push(await refusal((await bucket(faults, { name })).create({})));
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

  it('befall the share of the resources that the seed draws, the same ones at every look', () => {
    const hit = (seed: string, fault: Fault): string =>
      Array.from({ length: 400 }, (_, index) => index)
        .filter((index) => {
          const target = { stack: 'shop-eu1', type: BUCKET, name: `b${index}`, images: [] };
          return befalling({ seed, faults: [fault] }, target).length > 0;
        })
        .join();
    const quarter: Fault = { match: { share: 25 }, unhealthy: true };
    const drawn = hit('shop', quarter);
    expect(drawn.split(',').length).to.be.within(70, 130);
    expect(hit('shop', quarter)).to.equal(drawn);
    expect(hit('other', quarter)).to.not.equal(drawn);
    expect(hit('shop', { match: { share: 25 }, latency: duration(1) })).to.not.equal(drawn);
    expect(hit('shop', { match: { share: 100 } }).split(',').length).to.equal(400);
  });

  describe('throttle', () => {
    const throttle = { perSecond: 1, burst: 2 };
    /** Each look at the clock is so many milliseconds after the one before. */
    const ticking = (step: number) => {
      let at = 0;
      return () => {
        at += step;
        return at;
      };
    };

    it('takes a burst, then calls at their rate, however the clock is set', () => {
      let last = 0;
      const taken = [0, 0, 0, 999, 1000, 1000, 5000, 5000, 5000, 10, 10, 10].map((now) => {
        const next = admitted(throttle, last, now);
        last = next ?? last;
        return next !== undefined;
      });
      const late = [true, true, false];
      expect(taken).to.deep.equal([...late, false, true, false, ...late, ...late]);
    });

    it('refuses what is too much, notes it, and takes it when it is tried again late enough', async () => {
      const throttled = await bucket([{ match: { type: BUCKET }, throttle: { perSecond: 1, burst: 1 } }], {
        wall: ticking(400),
      });
      await throttled.create({});
      await throttled.read();
      await throttled.diff({ tags: { a: '1' } });
      const log = world.open().log();
      expect(log.map(({ call }) => call)).to.deep.equal(['create', 'throttled', 'throttled']);
      expect(new Set(log.map(({ urn }) => urn))).to.deep.equal(new Set([throttled.call.urn]));
    });

    it('counts all that match together, in every process', async () => {
      const faults: Fault[] = [{ match: { type: 'aws:*' }, throttle }];
      const [one, other] = [world.open({ faults, wall: () => 0 }), world.open({ faults, wall: () => 0 })];
      expect([one, other, one].map((cloud) => cloud.admit(faults, 'shop-eu1', 'urn'))).to.deep.equal([
        true,
        true,
        false,
      ]);
    });

    it('goes on until the provider has had enough, and nothing happens', async () => {
      const faults: Fault[] = [{ match: { type: 'aws:*' }, throttle: { perSecond: 1, burst: 1 } }];
      const aws = await provider(world.open({ faults, wall: () => 0 }), 'aws', { maxRetries: 3 });
      await new Subject(aws, BUCKET, 'first').create({});
      const said = await refusal(new Subject(aws, BUCKET, 'assets').create({}));
      expect(said).to.contain('exceeded maximum number of attempts, 3').and.contain('ThrottlingException');
      expect(world.open().log().length).to.equal(4);
      const function_ = aws.invoke({ token: 'aws:index/getCallerIdentity:getCallerIdentity', args: {} });
      expect(await refusal(function_)).to.contain('Rate exceeded');
    });

    it('hinders nothing that a preview finds out by itself', async () => {
      const throttled = await bucket([{ match: {}, throttle: { perSecond: 1, burst: 1 } }], {
        wall: () => 0,
      });
      await throttled.foresee({});
      await throttled.foresee({});
      expect(world.open().log()).to.deep.equal([]);
    });
  });

  it('let a property drift once, found by the next read and put right by an update', async () => {
    const drift = { property: 'tags.Owner', value: 'somebody' };
    const drifting = await bucket([{ match: { type: BUCKET }, drift }]);
    const inputs = { tags: { Owner: 'team', Name: 'assets' } };
    await drifting.create(inputs);
    expect(drifting.outputs['tags']).to.deep.equal(inputs.tags);
    const seen = await drifting.read();
    expect(seen.properties['tags']).to.deep.equal({ Name: 'assets', Owner: 'somebody' });
    expect((await drifting.read()).inputs['tags']).to.deep.equal(seen.inputs['tags']);
    [drifting.inputs, drifting.outputs] = [seen.inputs, seen.properties];
    expect(Object.keys((await drifting.diff(inputs)).detailedDiff ?? {})).to.deep.equal(['tags.Owner']);
    await drifting.update(inputs);
    expect((await drifting.read()).properties['tags']).to.deep.equal(inputs.tags);
    expect(
      world
        .open()
        .log()
        .map(({ call }) => call),
    ).to.deep.equal(['create', 'drifted', 'update']);
  });

  it('let a property be taken away, added to a list, or drift that is an output alone', async () => {
    const seen = async (name: string, property: string, value: Value): Promise<WireObject> => {
      const faults: Fault[] = [{ match: { name }, drift: { property, value } }];
      const subject = await bucket(faults, { name });
      await subject.create({ tags: { a: '1', b: '2' } });
      return (await subject.read()).properties;
    };
    expect((await seen('gone', 'tags.a', null))['tags']).to.deep.equal({ b: '2' });
    expect((await seen('domain', 'bucketDomainName', 'x.y'))['bucketDomainName']).to.equal('x.y');
    expect((await seen('rules', 'lifecycleRules[0].enabled', true))['lifecycleRules']).to.deep.equal([
      { enabled: true },
    ]);
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
