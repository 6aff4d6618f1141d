import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { EXIT } from '../../src/cli/exit';
import { outliveReaders } from '../../src/cli/readers';

function listening() {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const readers = outliveReaders({ stdout, stderr });
  return { stdout, stderr, readers, heard: () => String(stderr.read() ?? '') };
}
const failing = (code: string): Error => Object.assign(new Error(`${code}: no`), { code });

describe('whoever reads what is said', () => {
  it('may go away: nothing is said of it, and the exit code is that of the command', async () => {
    const { stdout, stderr, readers, heard } = listening();
    stdout.emit('error', failing('EPIPE'));
    stderr.emit('error', failing('EPIPE'));
    expect(await readers.exitCode(EXIT.done, false)).to.equal(EXIT.done);
    expect(heard()).to.equal('');
  });

  it('is told once where a disk is full, and no command that has only something to say succeeds', async () => {
    const { stdout, readers, heard } = listening();
    // As streams do it: after the write, and after the command has ended.
    process.nextTick(() => stdout.emit('error', failing('ENOSPC')));
    process.nextTick(() => stdout.emit('error', failing('ENOSPC')));
    expect(await readers.exitCode(EXIT.done, false)).to.equal(EXIT.failed);
    expect(heard()).to.equal('✖ standard output cannot be written: ENOSPC: no\n');
  });

  it('changes nothing about what became of a rollout', async () => {
    const { stdout, readers } = listening();
    stdout.emit('error', failing('ENOSPC'));
    expect(await readers.exitCode(EXIT.done, true)).to.equal(EXIT.done);
    expect(await readers.exitCode(EXIT.takenBack, true)).to.equal(EXIT.takenBack);
  });
});
