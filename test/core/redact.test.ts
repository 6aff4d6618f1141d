import { expect } from 'chai';
import { redact } from '../../src/core/redact';

describe('a text that others may read', () => {
  it('holds no user names and passwords of URLs', () => {
    expect(redact("fatal: 'https://me:pw@h/x' and ssh://git@h/y")).to.equal(
      "fatal: 'https://[redacted]@h/x' and ssh://[redacted]@h/y",
    );
    expect(redact('postgres://ada:hunter2@db:5432/x and https://host/path by ada@host')).to.equal(
      'postgres://[redacted]@db:5432/x and https://host/path by ada@host',
    );
    expect(redact('postgres://ada:p@ss"\'word@db/x')).to.equal('postgres://[redacted]@db/x');
    expect(redact('postgres://db/x?sslmode=disable&password=hunter2 is down')).to.equal(
      'postgres://db/x?sslmode=disable&password=[redacted] is down',
    );
  });

  it('holds no password with a slash in it, and keeps ports, paths and scopes', () => {
    expect(redact('postgres://ada:a/b@db/x')).to.equal('postgres://[redacted]@db/x');
    for (const text of ['http://h:8080/@scope/x', 'https://h/a@b', 'see https://h:443 or ask x@y'])
      expect(redact(text)).to.equal(text);
  });

  it('is read once, however long it is', () => {
    for (const part of ['a', 'A', 'TOKEN', 'TOKEN="', 'a://', 'a://b:', '://a:b@', "x='", '@'])
      expect(redact(part.repeat(200_000)).length, part).to.be.greaterThan(0);
  });

  it('holds no values of variables that are named like secrets', () => {
    expect(redact('PULUMI_CONFIG_PASSPHRASE=hunter2 AWS_SECRET_ACCESS_KEY=abc REGION=eu')).to.equal(
      'PULUMI_CONFIG_PASSPHRASE=[redacted] AWS_SECRET_ACCESS_KEY=[redacted] REGION=eu',
    );
    expect(redact('x_token="a b" db_password=\'c d\' MONKEY=1')).to.equal(
      'x_token=[redacted] db_password=[redacted] MONKEY=1',
    );
  });
});
