import type { Written } from '../repository';

/** A title, and what differs from the sound repository. */
export type Broken = readonly [title: string, changes: Written];

/** Title → `file:line:col message (remedy)` of every problem, in order. */
export type Expected = Readonly<Record<string, readonly string[]>>;
