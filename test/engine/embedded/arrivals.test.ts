import { expect } from 'chai';
import { type Arrival, Arrivals } from '../../../src/engine/embedded/arrivals';

/** The order in which things that arrive together get their turn. */
async function turns(isSerial: boolean, ...arriving: Arrival[]): Promise<string[]> {
  const arrivals = new Arrivals(isSerial);
  const order: string[] = [];
  await Promise.all(
    arriving.map((arrival, index) => arrivals.turn(arrival).then(() => order.push(`${arrival} ${index}`))),
  );
  return order;
}

describe('what a serial program asks for at the same time', () => {
  it('is taken outputs first', async () => {
    expect(await turns(true, 'served', 'outputs')).to.deep.equal(['outputs 1', 'served 0']);
    expect(await turns(true, 'unserved', 'outputs')).to.deep.equal(['outputs 1', 'unserved 0']);
    expect(await turns(true, 'outputs', 'served', 'outputs')).to.deep.equal([
      'outputs 0',
      'outputs 2',
      'served 1',
    ]);
  });

  it('is taken outputs last where a component or a provider is registered after them', async () => {
    expect(await turns(true, 'outputs', 'unserved')).to.deep.equal(['unserved 1', 'outputs 0']);
  });

  it('is taken as it comes where the program does many things at once', async () => {
    expect(await turns(false, 'served', 'outputs', 'unserved')).to.deep.equal([
      'served 0',
      'outputs 1',
      'unserved 2',
    ]);
  });
});
