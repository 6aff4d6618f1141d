import { expect } from 'chai';
import { explain } from '../../src/config/explain';
import { edit, load, type Written } from './repository';

const stack = 'test-eu1';

async function ask(value?: string, changes: Written = {}) {
  const { sources } = await load(changes);
  return explain(sources, value === undefined ? { stack } : { stack, value });
}

/** `path = value file:line:col`, then what it overrode. */
async function told(value: string, changes?: Written): Promise<readonly string[]> {
  const answer = await ask(value, changes);
  if (!answer.ok) return [`${answer.message} (${answer.remedy})`];
  const place = (origin: { value: unknown; file: string; line: number; column: number }) =>
    `${JSON.stringify(origin.value)} ${origin.file}:${origin.line}:${origin.column}`;
  return answer.values.flatMap((each) => [
    `${each.path} = ${place(each)}`,
    ...each.overrode.map((below) => `over ${place(below)}`),
  ]);
}

describe('explain', () => {
  const answer = [
    'components.web.inputs.replicas = 3 stacks/test/test-eu1.yaml:9:55',
    'over 2 stacks/_shared/eu.yaml:4:25',
  ];

  it('names the file and line of a value, and what it overrode', async () => {
    expect(await told('components.web.inputs.replicas')).to.deep.equal(answer);
  });

  it('accepts the short form without inputs', async () => {
    expect(await told('components.web.replicas')).to.deep.equal(answer);
  });

  it('tells the whole chain of fragments, the nearest first', async () => {
    const chain = await told('components.web.replicas', {
      ...edit(
        'stacks/test/test-eu1.yaml',
        '[../_shared/eu.yaml]',
        '[../_shared/base.yaml, ../_shared/eu.yaml]',
      ),
      'stacks/_shared/base.yaml': 'components:\n  web: { inputs: { replicas: 1 } }\n',
    });
    expect(chain).to.deep.equal([...answer, 'over 1 stacks/_shared/base.yaml:2:30']);
  });

  it('tells every leaf under a map', async () => {
    expect(await told('labels')).to.deep.equal([
      'labels.region = "eu-west-1" stacks/_shared/eu.yaml:1:19',
      'labels.team = "shop" stacks/_shared/eu.yaml:1:36',
    ]);
  });

  it('tells the items of a list by index, with or without brackets', async () => {
    const name = ['checks.0.name = "answers" stacks/test/test-eu1.yaml:12:13'];
    expect(await told('checks.0.name')).to.deep.equal(name);
    expect(await told('checks[0].name')).to.deep.equal(name);
  });

  it('tells the track a component takes from its stack', async () => {
    expect(await told('components.web.track')).to.deep.equal([
      'track = "beta" stacks/test/test-eu1.yaml:3:8',
    ]);
  });

  it('finds keys with dots in them', async () => {
    const changes = edit(
      'stacks/test/test-eu1.yaml',
      'track: beta',
      'track: beta\nlabels: { app.kubernetes.io/name: shop }',
    );
    expect(await told('labels.app.kubernetes.io/name', changes)).to.deep.equal([
      'labels.app.kubernetes.io/name = "shop" stacks/test/test-eu1.yaml:4:35',
    ]);
  });

  it('tells the whole stack without a value', async () => {
    const answer = await ask();
    const paths = answer.ok ? answer.values.map(({ path }) => path) : [];
    expect(paths).to.include.members([
      'channel',
      'components.web.inputs.host',
      'outputs.url.from',
      'labels.team',
    ]);
    expect(answer.ok && answer.values.every(({ line, column }) => line >= 1 && column >= 1)).to.equal(true);
  });

  it('suggests what was meant', async () => {
    expect(await told('components.web.replica')).to.deep.equal([
      'stack test-eu1 sets no "components.web.replica" (did you mean "replicas"?)',
    ]);
    expect(await told('components.wbe.replicas')).to.deep.equal([
      'stack test-eu1 sets no "components.wbe.replicas" (did you mean "web"?)',
    ]);
    expect(await told('constructor')).to.deep.equal([
      'stack test-eu1 sets no "constructor" (it sets: labels, components, import, channel, track, environment, outputs, checks)',
    ]);
  });

  it('says when there is no such stack', async () => {
    const { sources } = await load();
    expect(explain(sources, { stack: 'test-eu' })).to.deep.equal({
      ok: false,
      missing: 'stack',
      message: '"test-eu" is not a stack',
      remedy: 'did you mean "test-eu1"?',
    });
  });
});
