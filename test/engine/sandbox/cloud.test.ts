import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { openCloud } from '../../../src/engine/sandbox/cloud';
import { provider, Subject, World } from './world';

const BUCKET = 'aws:s3/bucket:Bucket';

describe('sandbox cloud', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.remove());

  it('is the same cloud for two that opened it', async () => {
    const [one, other] = [world.open(), world.open()];
    const made = await new Subject(await provider(one, 'aws'), BUCKET, 'a').create({});
    const seen = new Subject(await provider(other, 'aws'), BUCKET, 'a');
    seen.id = made.id;
    expect((await seen.read()).properties).to.deep.equal(made.outputs);
    await seen.delete();
    expect((await made.read()).id).to.equal('');
    expect(one.log().map(({ call }) => call)).to.deep.equal(['create', 'delete']);
  });

  it('keeps the resources of two stacks apart, each in an account of its own', async () => {
    const cloud = world.open();
    const ids: unknown[] = [];
    for (const stack of ['shop-eu1', 'shop-us1']) {
      const aws = await provider(cloud, 'aws', {}, stack);
      const made = await new Subject(aws, 'aws:iam/role:Role', 'x', stack).create({
        name: 'same',
        assumeRolePolicy: '{}',
      });
      ids.push(made.outputs['arn']);
    }
    expect(new Set(ids).size).to.equal(2);
  });

  it('survives many writers at once and counts every effect once', async () => {
    const script = path.join(__dirname, 'writer.ts');
    const children = [1, 2].map(() => fork(script, [world.file], { execArgv: ['-r', 'ts-node/register'] }));
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
    expect(codes).to.deep.equal([0, 0]);
    const log = world.open().log();
    expect(log.length).to.equal(100);
    expect(new Set(log.map(({ id }) => id)).size).to.equal(100);
  });

  it('is not asked at all where nothing changes', async () => {
    const cloud = openCloud(world.file, { seed: 'shop', faults: [] });
    const made = await new Subject(await provider(cloud, 'aws'), BUCKET, 'a').create({ tags: { a: '1' } });
    cloud.close();
    expect((await made.diff({ tags: { a: '1' } })).changes).to.equal('none');
    expect((await made.diff({ tags: { a: '2' } })).changes).to.equal('some');
  });

  it('undoes what was begun when making a resource throws', () => {
    const cloud = world.open();
    const place = { stack: 's', scope: '', type: 't', urn: 'urn', name: 'x' };
    expect(() =>
      cloud.create(place, { stack: 's', type: 't', name: 'x', images: [] }, () => {
        throw new Error('no');
      }),
    ).to.throw('no');
    expect(cloud.born('urn')).to.deep.equal([]);
    const made = cloud.create(place, { stack: 's', type: 't', name: 'x', images: [] }, (births) => ({
      ...{ id: `id${births}`, inputs: {}, outputs: {}, hosts: [] },
    }));
    expect(made.id).to.equal('id0');
  });

  it('refuses a file that is none of its own', () => {
    const file = path.join(world.folder, 'notes.db');
    writeFileSync(file, 'these are my notes, not a database, and they must stay what they are');
    expect(() => openCloud(file, { seed: 'shop', faults: [] })).to.throw();
  });
});
