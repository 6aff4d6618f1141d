import { createColors } from 'picocolors';

/** Colours by meaning; `plain` leaves text as it is, so that no escape ever reaches a pipe. */
export interface Paint {
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  quiet(text: string): string;
  strong(text: string): string;
  accent(text: string): string;
}

export function paint(hasColour: boolean): Paint {
  const colours = createColors(hasColour);
  return {
    good: colours.green,
    bad: colours.red,
    warn: colours.yellow,
    quiet: colours.dim,
    strong: colours.bold,
    accent: colours.cyan,
  };
}

export const plain: Paint = paint(false);
