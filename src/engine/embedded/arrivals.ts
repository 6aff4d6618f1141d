/** Registrations that are `served` have a longer way: the provider that serves them is looked for first. */
export type Arrival = 'outputs' | 'unserved' | 'served';

/**
 * The order of what a serial program (`--parallel 1`) asks for at the same time: the outputs of a component and the next
 * registration. The real engine takes them as its threads come to them, and nearly always like this: the outputs first,
 * unless a component or a provider is registered after them.
 */
export class Arrivals {
  private waiting: { readonly arrival: Arrival; readonly go: () => void }[] = [];

  constructor(private readonly isSerial: boolean) {}

  /** Resolves when it is this one's turn. */
  async turn(arrival: Arrival): Promise<void> {
    if (!this.isSerial) return;
    if (this.waiting.length === 0) after(TURNS, () => this.release());
    await new Promise<void>((go) => this.waiting.push({ arrival, go }));
  }

  private release(): void {
    const batch = this.waiting;
    this.waiting = [];
    const isOutputsFirst = batch.findLast(({ arrival }) => arrival !== 'served')?.arrival === 'outputs';
    const order: Arrival[] = isOutputsFirst ? ['outputs', 'unserved'] : ['unserved', 'outputs'];
    for (const kind of [...order, 'served']) {
      for (const { arrival, go } of batch) if (arrival === kind) go();
    }
  }
}

/** What one answer sets off arrives within so many turns of the event loop. */
const TURNS = 2;

function after(turns: number, act: () => void): void {
  if (turns === 0) act();
  else setImmediate(() => after(turns - 1, act));
}
