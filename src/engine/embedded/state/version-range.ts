import { SemVer, satisfies } from 'semver';
import { CLI_VERSION } from './checkpoint';
import { Refusal } from './refusal';

const COMPARATOR = /^(>=|<=|==|!=|>|<|=|!)?(\d+\.(?:\d+\.(?:\d+|x)|x)\S*)$/;

/** Refuses a project that asks for another version of the CLI than the one this engine keeps to; in the real CLI's words. */
export function refuseOtherVersion(range: string | undefined): void {
  if (range === undefined || range === '') return;
  const fits = range
    .split('||')
    .map((part) =>
      part
        .trim()
        .split(/\s+/)
        .map((comparator) => fitting(range, comparator)),
    )
    .some((part) => part.every(Boolean));
  if (fits) return;
  throw new Refusal(
    `Pulumi CLI version ${CLI_VERSION} does not satisfy the version range ${JSON.stringify(range)}`,
  );
}

function fitting(range: string, comparator: string): boolean {
  const [, operator = '=', version] = COMPARATOR.exec(comparator) ?? [];
  if (version === undefined) {
    throw new Refusal(
      `parsing CLI version range ${JSON.stringify(range)}: Could not get version from string: ${JSON.stringify(comparator)}`,
    );
  }
  if (operator.startsWith('!')) return !satisfies(CLI_VERSION, version);
  return satisfies(new SemVer(CLI_VERSION), `${operator === '==' ? '=' : operator}${version}`);
}
