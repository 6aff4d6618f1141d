import { runInNewContext } from 'node:vm';
import type { Condition, OutputTest } from '../core/check';
import type { Value } from '../core/project';
import { lookUp } from './lookup';
import type { Sample } from './port';

const longestPattern = 500;
const longestText = 10_000;
/** Wall time in milliseconds after which a pattern that backtracks without end is given up. */
const patternTimeout = 100;

/** Checks one condition on one output. A missing output is unknown, but for `exists`, which it decides; a secret one always. */
export function sampleOutput(test: OutputTest, outputs: Readonly<Record<string, Value>>): Sample {
  const found = lookUp(outputs, test.output);
  if ('secret' in found) return { verdict: 'unknown', reason: found.secret };
  if ('exists' in test.condition) return existence(test.output, 'value' in found, test.condition.exists);
  if ('missing' in found) return { verdict: 'unknown', reason: found.missing };
  return judge(test.output, found.value, test.condition);
}

function existence(output: string, isThere: boolean, isWanted: boolean): Sample {
  const reason = isThere ? `${output} exists` : `there is no output ${output}`;
  if (isThere === isWanted) return { verdict: 'healthy', reason };
  return { verdict: 'unhealthy', reason: `${reason}, ${isWanted ? 'it should' : 'it should not'}` };
}

function judge(
  output: string,
  value: Value,
  condition: Exclude<Condition, { readonly exists: boolean }>,
): Sample {
  const says = (isHealthy: boolean, wanted: string): Sample => {
    const reason = `${output} is ${short(value)}`;
    return isHealthy
      ? { verdict: 'healthy', reason }
      : { verdict: 'unhealthy', reason: `${reason}, ${wanted} wanted` };
  };
  if ('equals' in condition) return says(value === condition.equals, short(condition.equals));
  if ('atLeast' in condition)
    return says(isNumber(value) && value >= condition.atLeast, `at least ${condition.atLeast}`);
  if ('atMost' in condition)
    return says(isNumber(value) && value <= condition.atMost, `at most ${condition.atMost}`);
  if ('between' in condition) {
    const [low, high] = condition.between;
    return says(isNumber(value) && value >= low && value <= high, `${low} to ${high}`);
  }
  if (typeof value === 'object') return says(false, `text that matches /${condition.matches}/`);
  const matches = matchesPattern(String(value), condition.matches);
  if (typeof matches === 'string') return { verdict: 'unknown', reason: `${output}: ${matches}` };
  return says(matches, `text that matches /${condition.matches}/`);
}

/** Whether the pattern occurs in the text, or why that cannot be said. */
function matchesPattern(text: string, pattern: string): boolean | string {
  if (pattern.length > longestPattern) return `the pattern is longer than ${longestPattern} characters`;
  if (text.length > longestText)
    return `the text is longer than ${longestText} characters, too long to match`;
  try {
    // The pattern comes from a file: a context of its own can be stopped when it backtracks without end.
    return (
      runInNewContext('new RegExp(pattern).test(text)', { pattern, text }, { timeout: patternTimeout }) ===
      true
    );
  } catch (error) {
    const isSlow = (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
    return isSlow ? `the pattern /${pattern}/ took too long` : `/${pattern}/ is not a pattern`;
  }
}

const isNumber = (value: Value): value is number => typeof value === 'number' && Number.isFinite(value);

function short(value: Value): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
