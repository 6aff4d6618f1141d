import { expect } from 'chai';
import type { Project } from '../../../src/core/project';
import { childEnvironment } from '../../../src/engine/automation/environment';

const on = (cloud: 'sandbox' | 'real') => ({ engine: { kind: 'pulumi', cloud } }) as unknown as Project;
const OWN = {
  PATH: '/bin',
  NODE_OPTIONS: '--require=/x.js',
  LD_PRELOAD: '/x.so',
  GIT_DIR: '/x',
  AWS_SECRET_ACCESS_KEY: 'key',
  PULUMI_OPTION_TARGET: 'x',
  PULUMI_BACKEND_URL: 's3://x',
  PULUMI_DEBUG_PROVIDERS: 'aws:1',
  PULUMI_CONFIG_PASSPHRASE: 'p',
};

describe('the variables of every child', () => {
  it('are those on the list, and nothing that changes what Node, git or the CLI do', () => {
    expect(childEnvironment(on('sandbox'), { own: OWN })).to.deep.equal({
      PATH: '/bin',
      PULUMI_CONFIG_PASSPHRASE: 'p',
      PULUMI_DEBUG_PROVIDERS: 'aws:1',
    });
  });

  it('lead no child of a real cloud to providers of a sandbox that somebody looked at before', () => {
    expect(childEnvironment(on('real'), { own: OWN })).to.deep.equal({
      PATH: '/bin',
      PULUMI_CONFIG_PASSPHRASE: 'p',
    });
  });

  it('keep the CLI off the network where the sandbox brings the providers, and let it collect seldom', () => {
    expect(childEnvironment(on('sandbox'), { attach: 'aws:1', own: { PATH: '/bin' } })).to.deep.equal({
      PATH: '/bin',
      GOGC: '800',
      GOMEMLIMIT: '1GiB',
      PULUMI_CONFIG_PASSPHRASE: 'sandbox',
      PULUMI_DEBUG_PROVIDERS: 'aws:1',
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
    });
  });
});
