/**
 * `npm run promote --track beta` (without the `--`) keeps `--track` for npm itself and hands on only `beta`; `--dry-run`
 * given that way would run for real. npm leaves what it swallowed in the environment: find it and say the right command.
 */
export function swallowedByNpm(
  command: string,
  options: readonly string[],
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
): string | undefined {
  const script = environment['npm_lifecycle_event'];
  if (script === undefined) return undefined;
  const swallowed = options.filter((option) => {
    const value = environment[`npm_config_${option.replaceAll('-', '_')}`];
    return (
      value !== undefined &&
      value !== '' &&
      value !== 'false' &&
      !argv.some((word) => word === `--${option}` || word.startsWith(`--${option}=`))
    );
  });
  if (swallowed.length === 0) return undefined;
  // A swallowed option with a value appears as `true`, and its value as a stray word.
  const words = argv.filter((word) => !word.startsWith('-') && word !== command);
  const right = swallowed.map((option) => {
    const value = environment[`npm_config_${option.replaceAll('-', '_')}`];
    if (value !== 'true') return `--${option} ${value}`;
    const word = NEEDS_VALUE.has(option) ? words.shift() : undefined;
    return word === undefined ? `--${option}` : `--${option} ${word}`;
  });
  const given = argv.filter((word) => word.startsWith('-'));
  return `npm run ${script} -- ${[...right, ...given].join(' ')}`;
}

const NEEDS_VALUE: ReadonlySet<string> = new Set([
  'track',
  'to',
  'stack',
  'channel',
  'value',
  'format',
  'ref',
  'reason',
  'cwd',
]);
