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
  });

  it('holds no values of variables that are named like secrets', () => {
    expect(redact('PULUMI_CONFIG_PASSPHRASE=hunter2 AWS_SECRET_ACCESS_KEY=abc REGION=eu')).to.equal(
      'PULUMI_CONFIG_PASSPHRASE=[redacted] AWS_SECRET_ACCESS_KEY=[redacted] REGION=eu',
    );
  });
});
