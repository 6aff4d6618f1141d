import type { Problem } from '../config/problem';
import type { ExitCode } from './exit';

/** A command ends early, on purpose, with what the user must know. Anything else that is thrown is a bug of ours. */
export class Stop extends Error {
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    readonly detail: {
      readonly remedy?: string;
      readonly problems?: readonly Problem[];
      /** Texts of the files the problems speak of, for the frames. */
      readonly texts?: ReadonlyMap<string, string>;
      readonly data?: Readonly<Record<string, unknown>>;
    } = {},
  ) {
    super(message);
  }
}
