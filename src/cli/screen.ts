import { createLogUpdate } from 'log-update';
import { width } from '../report/columns';

/** The last lines of a terminal, redrawn in place, with ordinary text above them. */
export interface Screen {
  print(text: string): void;
  draw(view: string): void;
  /** What is drawn becomes ordinary text. */
  freeze(): void;
  erase(): void;
}

export function terminalScreen(stream: NodeJS.WriteStream): Screen {
  const update = createLogUpdate(stream, { showCursor: false });
  let drawn = '';
  let columns = stream.columns;
  const clear = (): void => {
    const extra = reflowed(drawn, columns, stream.columns);
    update.clear();
    stream.write(eraseAbove(extra));
    columns = stream.columns;
  };
  const freeze = (): void => {
    drawn = '';
    update.done();
  };
  return {
    freeze,
    erase() {
      if (drawn !== '') clear();
      freeze();
    },
    print(text) {
      if (drawn !== '') clear();
      stream.write(text);
      if (drawn !== '') update(drawn);
    },
    draw(view) {
      if (drawn !== '' && columns !== stream.columns) clear();
      drawn = view;
      columns = stream.columns;
      update(view);
    },
  };
}

/**
 * Terminals wrap what stands on them anew when they become narrower: the lines a drawing takes now beyond those it took when
 * it was drawn. They are above what would be erased otherwise.
 */
export function reflowed(drawn: string, before: number, now: number): number {
  const lines = drawn === '' ? [] : drawn.split('\n');
  const taken = (size: number): number =>
    lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(width(line) / Math.max(1, size))), 0);
  return Math.max(0, taken(now) - taken(before));
}

const eraseAbove = (lines: number): string => '\u001b[1A\u001b[2K'.repeat(lines);
