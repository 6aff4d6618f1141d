import { openCloud } from '../../../src/engine/sandbox/cloud';

// A process of its own: creates fifty resources under one URN in the sandbox whose file is named.
const cloud = openCloud(process.argv[2] ?? '', { seed: 'shop', faults: [] });
const target = { stack: 'shop-eu1', type: 'aws:x/y:Y', name: 'x', images: [] };
for (let made = 0; made < 50; made++) {
  cloud.create({ ...target, scope: '', urn: 'urn' }, target, (births) => ({
    ...{ id: `id${births}`, inputs: {}, outputs: {}, hosts: [] },
  }));
}
cloud.close();
