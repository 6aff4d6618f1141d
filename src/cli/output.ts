import type { LedgerEvent } from '../core/event';
import type { Instant } from '../core/time';
import { type Paint, paint } from '../report/paint';

/** Where a command speaks: text for people, or one JSON object a line with the result last. */
export interface Output {
  readonly isJson: boolean;
  /** A terminal that can be redrawn. */
  readonly isLive: boolean;
  readonly paint: Paint;
  /** For people; nothing under `--json`. */
  text(text: string): void;
  /** Progress and warnings: standard error for people, nothing under `--json`. */
  note(text: string): void;
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

export function output(options: { readonly json: boolean; readonly colour?: boolean }): Output {
  const { stdout, stderr, env } = process;
  const isLive = !options.json && stdout.isTTY === true && env['CI'] === undefined && env['TERM'] !== 'dumb';
  const hasColour =
    stdout.isTTY === true && !options.json && (env['NO_COLOR'] ?? '') === '' && options.colour !== false;
  const line = (value: unknown): void => {
    stdout.write(`${JSON.stringify(value)}\n`);
  };
  return {
    isJson: options.json,
    isLive,
    paint: paint(hasColour),
    text: (text) => void (options.json || stdout.write(`${text}\n`)),
    note: (text) => void (options.json ? line({ type: 'note', message: text }) : stderr.write(`${text}\n`)),
    event: (event) => void (options.json && line(event)),
    result: (result) =>
      void (options.json && line({ type: 'result', schemaVersion: SCHEMA_VERSION, ...result })),
  };
}
