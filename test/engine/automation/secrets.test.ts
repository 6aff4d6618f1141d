import { expect } from 'chai';
import { Secrets } from '../../../src/engine/automation/secrets';

describe('secrets in words', () => {
  it('are hidden wherever a text holds them, however deep', () => {
    const secrets = new Secrets();
    secrets.add('hunter2');
    expect(
      secrets.hide({ message: 'it is hunter2!', list: ['hunter2', 7, null], hunter: true }),
    ).to.deep.equal({
      message: 'it is [secret]!',
      list: ['[secret]', 7, null],
      hunter: true,
    });
  });

  it('are hidden whole where one is part of another, and singly where they came as JSON', () => {
    const secrets = new Secrets();
    secrets.add('abcde');
    secrets.add('abcdefgh');
    secrets.add('{"user":"admin-user","nested":["long-token"]}');
    expect(secrets.hide('abcdefgh abcde admin-user long-token')).to.equal(
      '[secret] [secret] [secret] [secret]',
    );
  });

  it('that are as short as common words are let be', () => {
    const secrets = new Secrets();
    secrets.add('true');
    expect(secrets.hide('true enough')).to.equal('true enough');
  });

  it('are learned from the configuration of the running program, plain values are not', () => {
    const runtime = {
      allConfig: () => ({ 'shop:password': 'hunter2', 'shop:region': 'eu-west-1' }),
      isConfigSecret: (key: string) => key === 'shop:password',
    };
    const secrets = new Secrets();
    secrets.learn({ runtime } as never);
    expect(secrets.hide('hunter2 in eu-west-1')).to.equal('[secret] in eu-west-1');
  });
});
