/** A queue with one reader. */
export class Demands<T> {
  private readonly items: T[] = [];
  private wake: (() => void) | undefined;

  push(item: T): void {
    this.items.push(item);
    this.wake?.();
  }

  /** undefined when the signal comes first. */
  async next(signal: AbortSignal): Promise<T | undefined> {
    if (signal.aborted) return undefined;
    if (this.items.length === 0) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          signal.removeEventListener('abort', done);
          this.wake = undefined;
          resolve();
        };
        this.wake = done;
        signal.addEventListener('abort', done, { once: true });
      });
    }
    return signal.aborted ? undefined : this.items.shift();
  }
}
