/** Rings wake whoever waits now, or whoever waits next: a ring between two waits is not lost. */
export class Bell {
  private wake: (() => void) | undefined;
  private isRung = false;

  ring(): void {
    this.isRung = true;
    this.wake?.();
  }

  async rung(): Promise<void> {
    if (!this.isRung) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    this.isRung = false;
    this.wake = undefined;
  }
}
