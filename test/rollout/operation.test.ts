import { expect } from 'chai';
import type { Contents } from '../../src/core/plan';
import { operationDigest, operationOf } from '../../src/rollout/operation';
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

  it('has a digest that knows content and inputs, but no deployment, release or secret value', () => {
    const digest = (more: object) => operationDigest({ ...operationOf(ports(), wish), ...more }, sha);
    expect(digest({ deployment: 'other', release: 'beta.3', variables: { TOKEN: 'other' } })).to.equal(
      digest({}),
    );
    expect(digest({ outputs: {} })).not.to.equal(digest({}));
    expect(
      operationDigest(operationOf(ports(), { ...wish, contents: { ...contents, web: content('new') } }), sha),
    ).not.to.equal(digest({}));
  });
});
