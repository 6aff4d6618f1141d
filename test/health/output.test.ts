import { expect } from 'chai';
import type { Condition } from '../../src/core/check';
import type { Value } from '../../src/core/project';
import { sampleOutput } from '../../src/health/output';

const outputs: Readonly<Record<string, Value>> = {
  url: 'http://shop.example',
  'web.readyReplicas': 1,
  'web.tags': { tier: 'front', 'app.kubernetes.io/name': 'shop' },
  'network.privateSubnets': ['subnet-a', 'subnet-b'],
  network: { vpcId: 'vpc-1', password: '[secret]' },
  token: '[secret]',
  isPublic: false,
  nothing: null,
};

const sample = (output: string, condition: Condition) =>
  sampleOutput({ kind: 'output', output, condition }, outputs);
const verdict = (output: string, condition: Condition) => sample(output, condition).verdict;

describe('an output check', () => {
  it('finds outputs by name, by component.output, and by keys and positions into them', () => {
    expect(verdict('url', { equals: 'http://shop.example' })).to.equal('healthy');
    expect(verdict('web.tags.tier', { equals: 'front' })).to.equal('healthy');
    expect(verdict('web.tags.app.kubernetes.io/name', { equals: 'shop' })).to.equal('healthy');
    expect(verdict('network.privateSubnets.1', { equals: 'subnet-b' })).to.equal('healthy');
    expect(verdict('network.vpcId', { equals: 'vpc-1' })).to.equal('healthy');
  });

  const table: readonly [Condition, string, string][] = [
    [{ equals: 1 }, 'web.readyReplicas', 'healthy'],
    [{ equals: '1' }, 'web.readyReplicas', 'unhealthy'],
    [{ equals: false }, 'isPublic', 'healthy'],
    [{ equals: true }, 'isPublic', 'unhealthy'],
    [{ atLeast: 1 }, 'web.readyReplicas', 'healthy'],
    [{ atLeast: 2 }, 'web.readyReplicas', 'unhealthy'],
    [{ atLeast: 0 }, 'url', 'unhealthy'],
    [{ atMost: 1 }, 'web.readyReplicas', 'healthy'],
    [{ atMost: 0 }, 'web.readyReplicas', 'unhealthy'],
    [{ between: [1, 3] }, 'web.readyReplicas', 'healthy'],
    [{ between: [0, 1] }, 'web.readyReplicas', 'healthy'],
    [{ between: [2, 3] }, 'web.readyReplicas', 'unhealthy'],
    [{ matches: '^http://shop\\.' }, 'url', 'healthy'],
    [{ matches: '^https:' }, 'url', 'unhealthy'],
    [{ matches: '^[12]$' }, 'web.readyReplicas', 'healthy'],
    [{ matches: 'subnet' }, 'network.privateSubnets', 'unhealthy'],
  ];
  for (const [condition, output, wanted] of table) {
    it(`finds ${output} ${wanted} for ${JSON.stringify(condition)}`, () => {
      expect(verdict(output, condition)).to.equal(wanted);
    });
  }

  it('says what it saw and what was wanted', () => {
    expect(sample('web.readyReplicas', { atLeast: 2 }).reason).to.equal(
      'web.readyReplicas is 1, at least 2 wanted',
    );
  });

  it('knows nothing where the output is missing, null, inherited, or not a member', () => {
    for (const output of [
      'web.url',
      'nothing',
      'constructor',
      'network.privateSubnets.length',
      'url.0',
      '',
    ]) {
      expect(verdict(output, { equals: 1 }), output).to.equal('unknown');
    }
  });

  it('decides by existence alone where that is asked', () => {
    expect(verdict('url', { exists: true })).to.equal('healthy');
    expect(verdict('url', { exists: false })).to.equal('unhealthy');
    expect(verdict('web.url', { exists: true })).to.equal('unhealthy');
    expect(verdict('web.url', { exists: false })).to.equal('healthy');
    expect(verdict('isPublic', { exists: true })).to.equal('healthy');
  });

  it('knows nothing of secrets, nor of what lies below one', () => {
    const conditions: readonly Condition[] = [{ equals: '[secret]' }, { matches: '.' }, { exists: true }];
    for (const output of ['token', 'network.password', 'token.inner.0']) {
      for (const condition of conditions) {
        expect(sample(output, condition)).to.deep.equal({
          verdict: 'unknown',
          reason: `the output ${output} is secret, it cannot be checked`,
        });
      }
    }
  });

  it('gives up on patterns without end, broken or overlong ones, and on overlong texts', () => {
    const on = (text: string, matches: string) =>
      sampleOutput({ kind: 'output', output: 'text', condition: { matches } }, { text });
    expect(on(`${'a'.repeat(40)}b`, '^(a+)+$')).to.deep.equal({
      verdict: 'unknown',
      reason: 'text: the pattern /^(a+)+$/ took too long',
    });
    expect(on('a', '(').verdict).to.equal('unknown');
    expect(on('a', 'a'.repeat(501)).verdict).to.equal('unknown');
    expect(on('a'.repeat(10_001), 'a').verdict).to.equal('unknown');
    expect(on('a'.repeat(10_000), 'a').verdict).to.equal('healthy');
  });
});
