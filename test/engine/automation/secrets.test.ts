import { expect } from 'chai';
import { Secrets } from '../../../src/engine/automation/secrets';

describe('secrets in words', () => {
  const knowing = (...texts: string[]): Secrets => {
    const secrets = new Secrets();
    for (const text of texts) secrets.add(text);
    return secrets;
  };

  it('are hidden wherever a text holds them', () => {
    expect(knowing('hunter2').hide('it is hunter2! hunter2')).to.equal('it is [secret]! [secret]');
  });

  const awkward = 'pa"ss\\w/örd? 1\n2';
  const written: readonly (readonly [string, string])[] = [
    ['as JSON', JSON.stringify({ text: awkward })],
    ['as JSON within JSON', JSON.stringify(JSON.stringify({ text: awkward }))],
    ['in a URL', `https://host/?q=${encodeURIComponent(awkward)}`],
    ['in a form', new URLSearchParams({ q: 'correct horse+battery' }).toString()],
    ['in base64', Buffer.from(awkward).toString('base64')],
    ['in base64 for URLs', Buffer.from(awkward).toString('base64url')],
    ['in hex', Buffer.from(awkward).toString('hex')],
    ['line by line', 'the certificate: MIIEvQIBADAN\n   and then c2VjcmV0'],
  ];
  for (const [how, text] of written)
    it(`are hidden where they are written ${how}`, () => {
      const secrets = knowing(awkward, 'correct horse+battery', 'MIIEvQIBADAN\nc2VjcmV0\n');
      expect(secrets.hide(text))
        .to.include('[secret]')
        .and.not.match(/ss|horse|b3Jk|7264|MIIE|c2Vj/);
    });

  it('are hidden in base64 wherever they stand in what is encoded', () => {
    const secrets = knowing('correct-horse-battery');
    for (const user of ['', 'a', 'ab', 'abc']) {
      const basic = Buffer.from(`${user}:correct-horse-battery!`).toString('base64');
      const shown = secrets.hide(`Basic ${basic}`);
      expect(shown).to.include('[secret]');
      expect(Buffer.from(shown.replace(/Basic |\[secret\]/g, ''), 'base64').toString()).not.to.match(
        /orse|batt/,
      );
    }
  });

  it('of a few signs are hidden as words only, and stay in longer words', () => {
    expect(knowing('admin').hide('admin of administration, admin_1')).to.equal(
      '[secret] of administration, [secret]_1',
    );
  });

  it('are found in time that grows with the text, however many there are', () => {
    const many = Array.from({ length: 500 }, (_, index) => `secret-number-${index}`);
    const text = 'secret-number-'.repeat(20_000);
    expect(knowing(...many).hide(`${text}7`)).to.equal(`${text.slice(0, -14)}[secret]`);
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
