import { COMMANDS } from './commands';

/**
 * `npm run promote --track beta` (without the `--`) keeps `--track` for npm itself and hands on only `beta`; `--dry-run`
 * given that way would run for real. npm leaves what it swallowed in the environment: the command line that was meant, or
 * undefined where nothing was swallowed.
 */
export function npmCorrection(argv: readonly string[], environment: NodeJS.ProcessEnv): string | undefined {
  const script = environment['npm_lifecycle_event'];
  const command = COMMANDS.find(({ name, group }) =>
    group ? argv[0] === group[0] && argv[1] === name : argv[0] === name,
  );
  if (script === undefined || !command) return undefined;
  const options = [...command.options.map(({ flags }) => flags), '--json', '--cwd <folder>'].map((flags) => {
    const [name = '', value] = flags
      .replace(/^--no-/, '--')
      .slice(2)
      .split(' ');
    return { name, takesValue: value !== undefined };
  });
  const given = argv.slice(command.group ? 2 : 1);
  const words = given.filter((word, index) => !word.startsWith('-') && !given[index - 1]?.startsWith('--'));
  const swallowed = options.flatMap(({ name, takesValue }) => {
    const value = environment[`npm_config_${name.replaceAll('-', '_')}`];
    const isGiven = given.some((word) => word === `--${name}` || word.startsWith(`--${name}=`));
    if (value === undefined || value === '' || value === 'false' || isGiven) return [];
    // A swallowed option with a value shows as `true`, and its value as a stray word.
    return [{ name, takesValue, value: takesValue && value !== 'true' ? value : undefined }];
  });
  if (swallowed.length === 0) return undefined;
  const strays = swallowed.filter(({ takesValue, value }) => takesValue && value === undefined);
  // npm forgets the order: with several, nobody knows whose value is whose.
  const stray = strays.length === 1 ? (words[0] ?? '…') : '…';
  const said = swallowed.map(({ name, takesValue, value }) =>
    takesValue ? `--${name} ${value ?? stray}` : `--${name}`,
  );
  const taken = strays.length > 0 ? words.slice(0, strays.length) : [];
  const kept = given.filter((word) => !taken.includes(word));
  return ['npm run', script, '--', ...(command.group ? [command.name] : []), ...said, ...kept].join(' ');
}
