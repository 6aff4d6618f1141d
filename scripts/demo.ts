import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parse, parseDocument } from 'yaml';

/**
 * `npm run demo`: a tour of the program on a copy of the example estate, in a temporary folder. Everything but the headings
 * is said by the program itself; the tour ends at the first exit code that is not the expected one.
 */

const root = join(__dirname, '..');
const COPIED = [
  'package.json',
  'tsconfig.json',
  'Pulumi.yaml',
  'signalbox.yaml',
  '.pulumi-stacks',
  'schemas',
  'components',
  'tracks',
  'stacks',
  // What Pulumi.yaml names; the real CLI looks whether it is there.
  'scripts/stack-program.js',
];
/** One stack for alpha, three for beta: enough for three waves, and over in less than a minute. */
const KEPT = ['play-eu1', 'test-ap1', 'test-us1', 'canary-us1'];
/** Sandbox seconds in one real second: two hours of soak take half a second. */
const TIME_SCALE = 14_400;
/** The engine's line in signalbox.yaml, where tests take the tour on the real CLI. */
const ENGINE = process.env['SIGNALBOX_TEST_ENGINE'];
const FAULT = { match: { stack: 'test-us1', image: 'shop:2.6.*' }, unhealthy: true };
const VERSION = /(?<=const VERSION = ')[^']+/;
const GIT_IDENTITY = {
  GIT_AUTHOR_NAME: 'demo',
  GIT_AUTHOR_EMAIL: 'demo@shop.example',
  GIT_COMMITTER_NAME: 'demo',
  GIT_COMMITTER_EMAIL: 'demo@shop.example',
};
const environment = { ...process.env, ...GIT_IDENTITY };

interface Stop {
  readonly heading: string;
  /** Before the command: a change somebody makes in the repository. */
  readonly change?: (estate: string) => void;
  readonly command: readonly string[];
  readonly exit: number;
}

/** Where somebody has promoted before, beta has nothing left to take over. */
const BEFORE: Stop = {
  heading:
    'Beta holds already what alpha has: a developer commits shop 2.5.9, and alpha takes it from the trunk',
  change: (estate) => release(estate, '2.5.9'),
  command: ['promote', '--track', 'alpha', '--commit'],
  exit: 0,
};
const TOUR: readonly Stop[] = [
  {
    heading:
      'Promote a good release: beta takes over what alpha has proven (the sandbox is empty, so it is filled first)',
    command: ['promote', '--track', 'beta', '--commit'],
    exit: 0,
  },
  {
    heading: 'A developer commits shop 2.6.0, and alpha takes it from the trunk',
    change: (estate) => release(estate, '2.6.0'),
    command: ['promote', '--track', 'alpha', '--commit'],
    exit: 0,
  },
  {
    heading:
      'Promote it to beta: in wave 2 the pods of 2.6.0 never become ready, and the release is taken back',
    command: ['promote', '--track', 'beta', '--commit'],
    exit: 12,
  },
  {
    heading: 'Roll beta back to the release before, with the same waves and checks',
    command: ['rollback', '--track', 'beta', '--commit'],
    exit: 0,
  },
  { heading: 'What runs where', command: ['status'], exit: 0 },
  { heading: 'What happened', command: ['history'], exit: 0 },
];

let child: ChildProcess | undefined;
let signal: NodeJS.Signals | undefined;

async function tour(): Promise<number> {
  const startedAt = performance.now();
  const estate = mkdtempSync(join(tmpdir(), 'signalbox-demo-'));
  try {
    prepare(estate);
    const stops = isLevel(estate) ? [BEFORE, ...TOUR] : TOUR;
    for (const [index, stop] of stops.entries()) {
      say(`\n━━ ${index + 1} of ${stops.length}: ${stop.heading}`);
      stop.change?.(estate);
      say(
        `$ npm run ${stop.command[0]}${stop.command.length > 1 ? ` -- ${stop.command.slice(1).join(' ')}` : ''}\n`,
      );
      const code = await run(estate, stop.command);
      if (signal) return 130;
      if (code !== stop.exit) {
        say(`\nthe demo ends here: exit code ${code}, expected ${stop.exit}`);
        return 1;
      }
      if (code !== 0) say(`(exit code ${code}, as it should be)`);
    }
    say(
      `\n━━ That was the tour, in ${Math.round((performance.now() - startedAt) / 1000)} s. For real: npm run promote -- --track beta`,
    );
    return 0;
  } finally {
    rmSync(estate, { recursive: true, force: true });
  }
}

/** A repository of its own, with fewer stacks, a faster sandbox and a fault in it. */
function prepare(estate: string): void {
  for (const name of COPIED) cpSync(join(root, name), join(estate, name), { recursive: true });
  for (const file of globSync(['stacks/!(_shared)/*.yaml', '.pulumi-stacks/*.yaml'], { cwd: estate })) {
    const stack = basename(file, '.yaml').replace(/^Pulumi\./, '');
    if (!KEPT.includes(stack)) rmSync(join(estate, file));
  }
  symlinkSync(join(root, 'node_modules'), join(estate, 'node_modules'));
  writeFileSync(join(estate, '.gitignore'), 'node_modules\n.signalbox\n');
  edit(join(estate, 'signalbox.yaml'), (text) => {
    const file = parseDocument(text);
    if (ENGINE !== undefined) file.set('engine', parse(ENGINE));
    file.setIn(['sandbox', 'timeScale'], TIME_SCALE);
    file.setIn(['sandbox', 'faults'], [FAULT]);
    return file.toString();
  });
  git(estate, 'init', '--quiet');
  commit(estate, 'The shop');
}

function isLevel(estate: string): boolean {
  const [alpha, beta] = ['alpha', 'beta'].map((track) =>
    VERSION.exec(readFileSync(join(estate, 'tracks', track, 'web', 'index.ts'), 'utf8'))?.at(0),
  );
  return alpha === beta;
}

function release(estate: string, version: string): void {
  edit(join(estate, 'components', 'web', 'index.ts'), (text) => {
    if (!VERSION.test(text)) throw new Error('components/web/index.ts names no VERSION any more');
    return text.replace(VERSION, version);
  });
  commit(estate, `Shop ${version}`);
}

function edit(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

function commit(estate: string, message: string): void {
  git(estate, 'add', '--all');
  git(estate, '-c', 'commit.gpgsign=false', 'commit', '--quiet', '--message', message);
}

function git(estate: string, ...words: readonly string[]): void {
  const { status, stderr, error } = spawnSync('git', words, {
    cwd: estate,
    env: environment,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`git ${words[0]} failed: ${error?.message ?? stderr}`);
}

function run(estate: string, command: readonly string[]): Promise<number | null> {
  const words = ['-r', 'ts-node/register', join(root, 'src', 'bin.ts'), ...command];
  return new Promise((resolve, reject) => {
    child = spawn(process.execPath, words, { cwd: estate, env: environment, stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code) => {
      child = undefined;
      resolve(code);
    });
  });
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

// A terminal interrupts the whole group; a signal that came to this process alone is handed on. The child ends in order,
// then the folder goes.
process.on('SIGINT', () => {
  signal = 'SIGINT';
});
process.on('SIGTERM', () => {
  signal = 'SIGTERM';
  child?.kill('SIGTERM');
});

if (!existsSync(join(root, 'node_modules'))) {
  say('node_modules is missing: run npm ci first');
  process.exitCode = 1;
} else {
  tour().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      say(`✖ ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    },
  );
}
