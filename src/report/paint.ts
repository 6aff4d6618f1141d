import { createColors } from 'picocolors';

/** What a text is drawn on: colours by meaning, and the width. `plain` leaves text as it is: no escape ever reaches a pipe. */
export interface Paint {
  /** Cells of a line; without end where nothing breaks lines. */
  readonly width: number;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  quiet(text: string): string;
  strong(text: string): string;
  accent(text: string): string;
}

export function paint(hasColour: boolean, width = Number.POSITIVE_INFINITY): Paint {
  const colours = createColors(hasColour);
  return {
    width,
    good: colours.green,
    bad: colours.red,
    warn: colours.yellow,
    quiet: colours.dim,
    strong: colours.bold,
    accent: colours.cyan,
  };
}

export const plain: Paint = paint(false);
