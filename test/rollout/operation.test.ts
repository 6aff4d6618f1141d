import { expect } from 'chai';
import type { Contents } from '../../src/core/plan';
import { basisOf, operationOf } from '../../src/rollout/operation';
import { pin, sha } from './estate';
import { scenario } from './world';

const content = (component: string) => ({ component, track: 'beta', ...pin(component) });
const contents: Contents = { dns: content('dns'), net: content('net'), web: content('web') };

function ports() {
  const components = {
    dns: { component: 'dns', track: 'beta', inputs: { target: { from: 'web.host' } } },
    web: { component: 'web', track: 'beta', inputs: { list: [{ deep: { from: 'net.id' } }] } },
    net: { component: 'net', track: 'beta', inputs: {} },
  };
  const outputs = { url: { from: 'dns.url' }, text: 'x' };
  const { project } = scenario({ waves: [['eu-1']], stacks: { 'eu-1': { components, outputs } } });
  return { project, variables: () => ({ TOKEN: 'hush' }) };
}

const wish = { stack: 'eu-1', contents, deployment: 'd', release: 'beta.2' };

describe('an operation', () => {
  it('puts components after those whose outputs they use', () => {
    expect(operationOf(ports(), wish).components.map(({ name }) => name)).to.deep.equal([
      'net',
      'web',
      'dns',
    ]);
  });

  it('leaves out what there is no content for, and outputs that need it', () => {
    const { dns: _, ...older } = contents;
    const operation = operationOf(ports(), { ...wish, contents: older });
    expect(operation.components.map(({ name }) => name)).to.deep.equal(['net', 'web']);
    expect(operation.outputs).to.deep.equal({ text: 'x' });
  });

  it('stands on content, configuration and versions, but on no deployment, release or secret value', async () => {
    const given = { configuration: 'file', versions: '7' };
    const basis = (more: object = {}, around: object = {}) =>
      basisOf(
        { hash: sha, given: async () => ({ ...given, ...around }) },
        { ...operationOf(ports(), wish), ...more },
      );
    const moved = async (...args: Parameters<typeof basis>): Promise<string[]> => {
      const [before, after] = [await basis(), await basis(...args)];
      return Object.keys(before).filter(
        (key) => !Object.is(Reflect.get(before, key), Reflect.get(after, key)),
      );
    };
    const { components } = operationOf(ports(), { ...wish, contents: { ...contents, web: content('new') } });
    expect(
      await moved({ deployment: 'other', release: 'beta.3', variables: { TOKEN: 'other' } }),
    ).to.deep.equal([]);
    expect(await moved({ components })).to.deep.equal(['program']);
    expect(await moved({ outputs: {} })).to.deep.equal(['configuration']);
    expect(await moved({ variables: { TOKEN: 'hush', MORE: '' } })).to.deep.equal(['configuration']);
    expect(await moved({}, { configuration: 'other' })).to.deep.equal(['configuration']);
    expect(await moved({}, { versions: '8' })).to.deep.equal(['versions']);
  });
});
