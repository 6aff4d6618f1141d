import { join } from 'node:path';
import { expect } from 'chai';
import type { z } from 'zod';
import * as assets from '../../components/assets';
import * as database from '../../components/database';
import * as dns from '../../components/dns';
import * as network from '../../components/network';
import * as web from '../../components/web';
import { loadProject } from '../../src/config/load';
import type { Project, Stack, StackComponent, Value } from '../../src/core/project';
import { instant } from '../../src/core/time';

const schemas: Readonly<Record<string, { inputs: z.ZodType; outputs: z.ZodObject }>> = {
  assets,
  database,
  dns,
  network,
  web,
};

/** Before the example's dated pin ends; the test is not about dates. */
const TODAY = instant(Date.UTC(2026, 10, 1));

const isReference = (value: Value | undefined): boolean =>
  typeof value === 'object' &&
  value !== null &&
  ('from' in value || 'secret' in value || 'fromStack' in value);

/** What a component's schema says against a stack's inputs; values of others are only known when they run. */
function complaints(name: string, { inputs }: StackComponent): string[] {
  const issues = schemas[name]?.inputs.safeParse(inputs).error?.issues ?? [];
  return issues
    .filter(({ path: [key] }) => !isReference(inputs[String(key)]))
    .map((issue) => `${name}.${issue.path.join('.')}: ${issue.message}`);
}

const follows = (stack: Stack, track: string): boolean =>
  Object.values(stack.components).some(
    (component) => component.track === track && component.pin === undefined,
  );

describe('the example estate', () => {
  let project: Project;
  let stacks: readonly Stack[];
  before(async () => {
    const loaded = await loadProject(join(__dirname, '..', '..'), TODAY);
    if (!loaded.ok)
      throw new Error(loaded.problems.map(({ file, message }) => `${file}: ${message}`).join('\n'));
    expect(loaded.warnings).to.deep.equal([]);
    project = loaded.project;
    stacks = Object.values(project.stacks);
  });

  it('gives every component what its schema wants', () => {
    for (const stack of stacks) {
      const found = Object.entries(stack.components).flatMap(([name, component]) =>
        complaints(name, component),
      );
      expect(found, stack.name).to.deep.equal([]);
    }
  });

  it('refers to outputs that the components declare', () => {
    const references = stacks.flatMap((stack) => [
      ...Object.values(stack.components).flatMap((component) => Object.values(component.inputs)),
      ...Object.values(stack.outputs),
    ]);
    for (const value of references) {
      if (typeof value !== 'object' || value === null || !('from' in value)) continue;
      const [component = '', output = ''] = String(value['from']).split('.');
      expect(schemas[component]?.outputs.shape, String(value['from'])).to.have.property(output);
    }
  });

  it('has at least twelve stacks in three regions, and somebody in every channel', () => {
    expect(stacks.length).to.be.at.least(12);
    expect(new Set(stacks.map((stack) => stack.labels['region'])).size).to.equal(3);
    for (const channel of project.channels) {
      expect(
        stacks.some((stack) => stack.channel === channel.name),
        channel.name,
      ).to.equal(true);
    }
  });

  it('shows a beta release to several channels, production among them, with waves in at least two', () => {
    const subscribers = stacks.filter((stack) => follows(stack, 'beta'));
    const perChannel = Map.groupBy(subscribers, (stack) => stack.channel);
    expect(subscribers.length).to.be.at.least(6);
    expect([...perChannel.keys()])
      .to.include('production')
      .and.have.length.above(2);
    expect([...perChannel.values()].filter((members) => members.length > 1)).to.have.length.above(1);
  });

  it('has one component on another track, one pin on purpose and one critical stack', () => {
    const components = stacks.flatMap((stack) =>
      Object.values(stack.components).map((component) => ({ stack, component })),
    );
    const strays = components.filter(({ stack, component }) => component.track !== stack.track);
    const pinned = components.filter(({ component }) => component.pin !== undefined);
    expect(
      strays.map(({ stack, component }) => [stack.name, component.component, component.track]),
    ).to.deep.equal([['staging-eu1', 'database', 'prod']]);
    expect(pinned.map(({ stack, component }) => [stack.name, component.component])).to.deep.equal([
      ['staging-ap1', 'web'],
    ]);
    expect(stacks.filter((stack) => stack.critical).map((stack) => stack.name)).to.deep.equal(['shop-eu1']);
  });

  it('gives no two stacks the same addresses or domain', () => {
    const written = (component: string, input: string) =>
      stacks.map((stack) => JSON.stringify(stack.components[component]?.inputs[input]));
    expect(new Set(written('network', 'cidr')).size).to.equal(stacks.length);
    expect(new Set(written('dns', 'zone')).size).to.equal(stacks.length);
  });
});
