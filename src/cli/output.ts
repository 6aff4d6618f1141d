import { stripVTControlCharacters } from 'node:util';
import type { LedgerEvent } from '../core/event';
import type { Instant } from '../core/time';
import { harmless } from '../report/harmless';
import { type Paint, paint } from '../report/paint';
import type { Screen } from './screen';

/** Where a command speaks: text for people, or one JSON object a line with the result last. */
export interface Output {
  readonly isJson: boolean;
  /** A terminal that can be redrawn and coloured; everything else gets plain lines without escapes. */
  readonly isLive: boolean;
  readonly paint: Paint;
  /** For people, above what is drawn; nothing under `--json`. */
  text(text: string): void;
  /** The command to go on with: one, as the last line for people. */
  next(command: string): void;
  /** Progress and warnings: standard error for people, a line under `--json`. */
  note(text: string): void;
  /** Replaces what is drawn below all text; only where `isLive`. */
  draw(view: string): void;
  /** What is drawn becomes ordinary text, or goes away. */
  freeze(): void;
  erase(): void;
  /** An event line under `--json`; nothing for people. */
  event(event: EventLine): void;
  /** The last line under `--json`. */
  result(result: Readonly<Record<string, unknown>>): void;
}

export type EventLine =
  | {
      readonly type: 'event';
      readonly track: string;
      readonly seq: number;
      readonly at: Instant;
      readonly actor: string;
      readonly event: LedgerEvent;
    }
  | {
      readonly type: 'progress';
      readonly stack: string;
      readonly step: string;
      readonly urn: string;
      readonly done: boolean;
    }
  | { readonly type: 'warning' | 'note'; readonly message: string };

export const SCHEMA_VERSION = 1;

export function output(options: { readonly json: boolean }): Output {
  const { stdout, stderr, env } = process;
  const isLive = !options.json && stdout.isTTY === true && isCapable(env);
  let screen: Screen | undefined;
  const line = (value: unknown): void => {
    stdout.write(`${jsonLine(value)}\n`);
  };
  const print = (text: string, stream: NodeJS.WriteStream): void => {
    const isTerminal = isLive && stream.isTTY === true;
    const safe = `${isTerminal ? visible(text, true) : visible(stripVTControlCharacters(text), false)}\n`;
    if (screen && isTerminal) screen.print(safe);
    else stream.write(safe);
  };
  const brush = paint(isLive, stdout.isTTY === true ? stdout.columns : undefined);
  return {
    isJson: options.json,
    isLive,
    paint: brush,
    text: (text) => void (options.json || print(text, stdout)),
    next: (command) => void (options.json || print(`next: ${brush.strong(command)}`, stdout)),
    note: (text) => void (options.json ? line({ type: 'note', message: text }) : print(text, stderr)),
    draw(view) {
      if (!isLive) return;
      // Loaded only where something is drawn: `status` must start fast.
      screen ??= (require('./screen') as typeof import('./screen')).terminalScreen(stdout);
      screen.draw(view);
    },
    freeze() {
      screen?.freeze();
      screen = undefined;
    },
    erase() {
      screen?.erase();
      screen = undefined;
    },
    event: (event) => void (options.json && line(event)),
    result: (result) =>
      void (options.json && line({ type: 'result', schemaVersion: SCHEMA_VERSION, ...result })),
  };
}

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '';

function isCapable(env: NodeJS.ProcessEnv): boolean {
  const isCi = isSet(env['CI']) && env['CI'] !== 'false' && env['CI'] !== '0';
  return !isCi && env['TERM'] !== 'dumb' && !isSet(env['NO_COLOR']);
}

const COLOUR = new RegExp(`(${String.fromCharCode(27)}\\[[0-9;]*m)`);

/** The last guard: whatever a text quotes, only our own colours reach a terminal, and nothing of the kind anything else. */
export const visible = (text: string, hasColour: boolean): string =>
  text
    .split('\n')
    .map((line) =>
      hasColour
        ? line
            .split(COLOUR)
            .map((part, index) => (index % 2 === 1 ? part : harmless(part)))
            .join('')
        : harmless(line),
    )
    .join('\n');

/** JSON leaves C1 controls and line separators as they are; some readers and terminals obey them. */
export const jsonLine = (value: unknown): string =>
  JSON.stringify(value).replaceAll(
    /[\u007f-\u009f\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
