import type { Normal } from './normalise';

/** One place where this engine's answer is not the recorded one. */
export interface Difference {
  /** `events[3].resourcePreEvent.metadata.op`. */
  readonly path: string;
  /** Short JSON; `absent` where there is nothing. */
  readonly expected: string;
  readonly got: string;
}

const MOST = 12;
const LONGEST = 200;

/**
 * Compares an outcome with its recording, part by part. Where the order of operations differs, that is told first and the
 * events are matched by resource, so that one moved step does not make every later one look wrong.
 */
export function compare(expected: Normal, got: Normal): Difference[] {
  const differences: Difference[] = [];
  different('ending', expected.ending, got.ending, differences);
  different('order', expected.order, got.order, differences);
  if (differences.some(({ path }) => path.startsWith('order'))) {
    different('events', byStep(expected.events), byStep(got.events), differences);
  } else {
    different('events', expected.events, got.events, differences);
  }
  different('diagnostics', expected.diagnostics, got.diagnostics, differences);
  different('provider', expected.provider, got.provider, differences);
  different('state', expected.state, got.state, differences);
  return differences;
}

/** Adds every place where two JSON values differ; the order of keys in an object does not count, that of lists does. */
function different(path: string, expected: unknown, got: unknown, into: Difference[]): void {
  if (Object.is(expected, got)) return;
  if (Array.isArray(expected) && Array.isArray(got)) {
    const found = into.length;
    for (let index = 0; index < Math.max(expected.length, got.length); index += 1) {
      different(`${path}[${index}]`, expected[index], got[index], into);
      if (into.length - found >= MOST) {
        into.push({
          path,
          expected: `${expected.length} in all`,
          got: `${got.length} in all, further differences not listed`,
        });
        return;
      }
    }
    return;
  }
  if (isObject(expected) && isObject(got)) {
    for (const key of [...new Set([...Object.keys(expected), ...Object.keys(got)])].sort()) {
      different(
        `${path}${/^\w+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`}`,
        expected[key],
        got[key],
        into,
      );
    }
    return;
  }
  into.push({ path, expected: brief(expected), got: brief(got) });
}

/** Events under what they are about, numbered where there are several of a kind. */
function byStep(events: readonly unknown[]): Record<string, unknown> {
  const steps: Record<string, unknown> = {};
  for (const event of events) {
    const [kind = 'event', body] = Object.entries(event ?? {})[0] ?? [];
    const { op = '', urn = '' } = (isObject(body) ? body['metadata'] : undefined) ?? ({} as never);
    let key = `${kind} ${op} ${urn}`.trim();
    while (key in steps) key += ' again';
    steps[key] = event;
  }
  return steps;
}

function isObject(value: unknown): value is Record<string, never> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function brief(value: unknown): string {
  if (value === undefined) return 'absent';
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
