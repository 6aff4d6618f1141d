/** Something in a file (or argument) the user gave is wrong. Never thrown: collected, sorted, printed together; exit code 2. */
export interface Problem {
  /** Path relative to the repository's root; undefined for arguments. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  readonly column?: number;
  /** Length of the marked text in the frame, at least 1. */
  readonly length?: number;
  /** One sentence, lower case, no full stop: `"vpcc" is not a component`. */
  readonly message: string;
  /** What to do: `did you mean "vpc"?`, `run: npm run vendor -- pull --track alpha`. */
  readonly remedy?: string;
  /** The rule that found it, for `--json`. */
  readonly rule: string;
}
