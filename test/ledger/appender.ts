import { openSqliteLedger } from '../../src/ledger/sqlite/ledger';
import { draft } from './drafts';

/**
 * A process that appends to track `beta` of the ledger `argv[2]` until it has added `argv[4]` entries, reading again on
 * conflict; its keys begin at `argv[3]`. Sends each entry's seq once it is recorded.
 */
async function run(file: string, first: number, count: number): Promise<void> {
  const ledger = openSqliteLedger(file);
  let head = 0;
  for (let number = first; number < first + count; ) {
    try {
      const [entry] = await ledger.append('beta', head, [draft(number, 'x'.repeat(5000))]);
      head = entry?.seq ?? head;
      number += 1;
      process.send?.(head);
    } catch (error) {
      if ((error as { kind?: string }).kind !== 'conflict') throw error;
      head = (await ledger.read('beta')).length;
    }
  }
  await ledger.close();
  process.disconnect();
}

const [, , file = '', first, count] = process.argv;
void run(file, Number(first), Number(count));
