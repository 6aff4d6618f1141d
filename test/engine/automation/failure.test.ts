import { expect } from 'chai';
import { failureOf } from '../../../src/engine/automation/failure';
import type { Diagnostic } from '../../../src/engine/port';

const error = (message: string): Diagnostic => ({ severity: 'error', message });

describe('what a failed operation says', () => {
  it('is the first line of the first error diagnostic, without call stacks', () => {
    const said =
      'Error: the bucket is taken\n    at create (/repo/index.js:3:1)\n    at run (/repo/index.js:9:1)';
    const warning: Diagnostic = { severity: 'warning', message: 'careful' };
    const failure = failureOf(
      new Error('code: 255\nstderr: error: update failed'),
      [warning, error(said)],
      false,
    );
    expect(failure).to.deep.equal({
      kind: 'failed',
      message: 'Error: the bucket is taken',
      diagnostics: [{ severity: 'error', message: 'Error: the bucket is taken' }],
    });
  });

  it('keeps how to set what is missing', () => {
    const missing =
      "Missing required configuration variable 'shop:password'\n\tplease set a value using the command `pulumi config set --secret shop:password <value>`";
    expect(failureOf(new Error('update failed'), [error(missing)], false).message).to.equal(
      "Missing required configuration variable 'shop:password': please set a value using the command `pulumi config set --stack <stack> --secret shop:password <value>`",
    );
  });

  it('is the telling line of standard error where no diagnostic speaks', () => {
    const text = 'code: 255\nstdout: \nstderr: Updating (dev):\nerror: incorrect passphrase, please set it\n';
    expect(failureOf(new Error(text), [], false).message).to.equal('incorrect passphrase, please set it');
  });

  it('is never empty', () => {
    expect(failureOf(new Error('code: 1\nstdout:\n'), [], false).message).to.equal('failed without a word');
    expect(failureOf('just a text', [], false).message).to.equal('just a text');
  });

  it('is a lock, with who holds it, however the CLI words it', () => {
    const text =
      'code: 255\nstderr: error: the stack is currently locked by 1 lock(s). Either wait …\n  file:///x: created by ada@laptop (pid 7) at 2026-01-02T03:04:05Z';
    const failure = failureOf(new Error(text), [], false);
    expect(failure.kind).to.equal('locked');
    expect(failure.message).to.equal('the stack is locked by ada@laptop (pid 7) since 2026-01-02T03:04:05Z');
    const cloud = failureOf(
      new Error('error: [409] Conflict: Another update is currently in progress.'),
      [],
      false,
    );
    expect(cloud).to.include({
      kind: 'locked',
      message: '[409] Conflict: Another update is currently in progress.',
    });
  });

  it('is the line with which the CLI gave up, not what it had printed before', () => {
    const text = 'code: 255\nstdout: Previewing update (near):\n\nstderr: error: there is no main file\n';
    expect(failureOf(new Error(text), [], false).message).to.equal('there is no main file');
  });

  it('is a cancel where it was cancelled, whatever else was said', () => {
    expect(failureOf(new Error('the stack is currently locked by 1'), [error('boom')], true)).to.deep.include(
      {
        kind: 'cancelled',
        message: 'cancelled',
      },
    );
  });

  it('holds no passwords of URLs', () => {
    const failure = failureOf(new Error('x'), [error('cannot reach postgres://ada:hunter2@db/x')], false);
    expect(JSON.stringify(failure)).to.not.include('hunter2');
  });
});
