import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { removedStacks } from '../../src/cli/removed';
import type { Fleet } from '../../src/core/fleet';
import type { Project, Stack } from '../../src/core/project';
import { duration, instant } from '../../src/core/time';

const run = { contents: {}, since: instant(0), deployment: 'd', outputs: {}, isCertain: true };
const FLEET: Fleet = {
  tracks: new Map(),
  stacks: new Map([
    ['old', run],
    ['kept', run],
  ]),
};

const KEPT: Stack = {
  name: 'kept',
  channel: 'test',
  labels: {},
  dependsOn: [],
  critical: false,
  providers: {},
  components: {},
  outputs: {},
  checks: [],
};

describe('stacks that no file describes any more', () => {
  const project = (backend?: string): Project => ({
    name: 'shop',
    engine: { kind: 'embedded', timeout: duration(0), ...(backend === undefined ? {} : { backend }) },
    sandbox: { timeScale: 1, seed: 'shop', faults: [] },
    channels: [],
    environments: {},
    tracks: {},
    stacks: { kept: KEPT },
  });

  function repository(resources: readonly unknown[] | undefined): string {
    const root = mkdtempSync(join(tmpdir(), 'removed-'));
    const folder = join(root, '.signalbox', 'state', '.pulumi', 'stacks', 'shop');
    mkdirSync(folder, { recursive: true });
    if (resources)
      writeFileSync(
        join(folder, 'old.json'),
        JSON.stringify({ version: 3, checkpoint: { latest: { resources } } }),
      );
    return root;
  }

  it('are named while their state holds something', () => {
    expect(removedStacks({ root: repository([{}]), project: project() }, FLEET)).to.deep.equal(['old']);
  });

  it('are forgotten once their state is empty or gone', () => {
    for (const resources of [[], undefined])
      expect(removedStacks({ root: repository(resources), project: project() }, FLEET)).to.deep.equal([]);
  });

  it('are named where the state cannot be read here', () => {
    const elsewhere = { root: repository(undefined), project: project('s3://states') };
    expect(removedStacks(elsewhere, FLEET)).to.deep.equal(['old']);
  });
});
