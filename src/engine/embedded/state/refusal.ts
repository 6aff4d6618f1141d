/**
 * The engine will not do this, and says why: what the real CLI prints after `error: `. `exitCode` is that of the real CLI.
 * Thrown inside the embedded engine, turned into the Automation API's own errors where a command ends.
 */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message);
    this.name = 'Refusal';
  }
}
