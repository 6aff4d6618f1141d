import { expect } from 'chai';
import { npmCorrection } from '../../src/cli/npm-options';

/** What npm sets: the script's name, and `npm_config_…` for every option it took for its own. */
const npm = (script: string, swallowed: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  npm_lifecycle_event: script,
  ...Object.fromEntries(Object.entries(swallowed).map(([name, value]) => [`npm_config_${name}`, value])),
});

const CASES: readonly (readonly [string, readonly string[], NodeJS.ProcessEnv, string | undefined])[] = [
  ['nothing, where npm swallowed nothing', ['promote', '--track', 'beta'], npm('promote'), undefined],
  ['nothing, outside of npm', ['promote', 'beta'], { npm_config_track: 'true' }, undefined],
  ['nothing, for a command there is not', ['dance', 'beta'], npm('dance', { track: 'true' }), undefined],
  [
    'an option whose value became a stray word',
    ['promote', 'beta'],
    npm('promote', { track: 'true' }),
    'npm run promote -- --track beta',
  ],
  [
    'an option written with =',
    ['promote'],
    npm('promote', { track: 'beta' }),
    'npm run promote -- --track beta',
  ],
  [
    'a flag that would have made all the difference',
    ['promote', '--track', 'beta'],
    npm('promote', { dry_run: 'true' }),
    'npm run promote -- --dry-run --track beta',
  ],
  [
    'several at once, of which npm forgets whose value is whose',
    ['rollback', 'beta', 'beta.1'],
    npm('rollback', { track: 'true', to: 'true' }),
    'npm run rollback -- --track … --to …',
  ],
  ['an option of every command', ['status'], npm('status', { json: 'true' }), 'npm run status -- --json'],
  [
    'an option of a command in a group',
    ['vendor', 'pull', 'alpha'],
    npm('vendor', { track: 'true' }),
    'npm run vendor -- pull --track alpha',
  ],
  [
    'nothing, where the option came through all the same',
    ['status', '--json'],
    npm('status', { json: 'true' }),
    undefined,
  ],
  [
    'nothing, for settings that are npm’s own',
    ['status'],
    npm('status', { cache: '/tmp', yes: '' }),
    undefined,
  ],
];

describe('options that npm kept for itself', () => {
  for (const [title, argv, environment, correction] of CASES)
    it(`find ${title}`, () => {
      expect(npmCorrection(argv, environment)).to.equal(correction);
    });
});
