import { expect } from 'chai';
import { defaultName, knownPackages } from '../../../src/engine/embedded/package';

const provider = (name: string, inputs: Record<string, string | Record<string, string>>) => ({
  urn: `urn:pulumi:dev::conf::pulumi:providers:lab::${name}`,
  type: 'pulumi:providers:lab',
  custom: true,
  inputs,
});

describe('packages that a program names without a version', () => {
  it('mean the newest that the state was made with, wherever it stands', () => {
    const url = 'https://example.com/p';
    const known = knownPackages([
      provider('one', { version: '2.0.0', __internal: { pluginDownloadURL: url } }),
      provider('two', { version: '1.10.0' }),
      provider('three', {}),
    ]);
    expect(known.get('lab')).to.deep.equal({ name: 'lab', version: '2.0.0', url });
  });

  it('give the provider of the engine its name', () => {
    expect(defaultName({ name: 'lab', version: '', url: '' })).to.equal('default');
    expect(defaultName({ name: 'lab', version: '1.2.3-rc.1+b', url: 'https://example.com/p q' })).to.equal(
      'default_1_2_3_rc_1_b_https_/example.com/p_q',
    );
  });
});
