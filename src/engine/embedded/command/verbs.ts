import { userInfo } from 'node:os';
import { CLI_VERSION } from '../state/checkpoint';
import { removeLocks } from '../state/lock';
import { Refusal } from '../state/refusal';
import { noSuchStack, stackExists } from '../state/stack-state';
import type { Flags, Syntax } from './arguments';
import { getConfig, listConfig, refreshConfig, removeConfig, setAllConfig, setConfig } from './config-verbs';
import { backend, type Perform, stack } from './invocation';
import { operate } from './operation';
import {
  exportStack,
  importStack,
  initStack,
  listStacks,
  removeStackVerb,
  renameStackVerb,
  selectStack,
  showHistory,
  showOutputs,
} from './stack-verbs';
import { tagVerbs } from './tag-verbs';

/** A verb of the command: what it accepts and what it does. */
export interface Verb extends Syntax {
  readonly perform: Perform;
}

const OPERATION: Flags = {
  client: 'text',
  'exec-kind': 'text',
  'exec-agent': 'text',
  'event-log': 'text',
  parallel: 'text',
  message: 'text',
  'config-file': 'text',
  'skip-preview': 'switch',
  target: 'texts',
  'target-dependents': 'switch',
  exclude: 'texts',
  diff: 'switch',
  json: 'refused switch',
  'show-secrets': 'switch',
  'suppress-outputs': 'switch',
  'suppress-progress': 'switch',
  'run-program': 'refused switch',
  config: 'refused text',
};

/** Of what runs the program. */
const PROGRAM: Flags = {
  ...OPERATION,
  'exclude-dependents': 'switch',
  refresh: 'optional',
  'expect-no-changes': 'switch',
  replace: 'texts',
  'target-replace': 'texts',
  'policy-pack': 'refused text',
  'policy-pack-config': 'refused text',
  'attach-debugger': 'refused switch',
  'ignore-protect': 'refused switch',
};

const STACK_OPTION: Flags = { 'show-secrets': 'switch', json: 'switch' };
const CONFIG: Flags = { 'config-file': 'text', path: 'switch' };

/** Every verb of the Automation API that this engine performs, under the words it is called by. */
export const VERBS: Readonly<Record<string, Verb>> = {
  up: {
    flags: { ...PROGRAM, 'continue-on-error': 'switch', plan: 'refused text' },
    perform: (invocation) => operate(invocation, 'update'),
  },
  preview: {
    flags: {
      ...PROGRAM,
      'save-plan': 'refused text',
      'import-file': 'refused text',
    },
    perform: (invocation) => operate(invocation, 'preview'),
  },
  refresh: {
    flags: {
      ...OPERATION,
      'exclude-dependents': 'switch',
      'expect-no-changes': 'switch',
      'preview-only': 'switch',
      'clear-pending-creates': 'switch',
      'import-pending-creates': 'refused text',
    },
    perform: (invocation) => operate(invocation, 'refresh'),
  },
  destroy: {
    flags: {
      ...OPERATION,
      refresh: 'optional',
      'preview-only': 'switch',
      'exclude-protected': 'switch',
      'continue-on-error': 'switch',
      'ignore-protect': 'refused switch',
      remove: 'refused switch',
    },
    perform: (invocation) => operate(invocation, 'destroy'),
  },
  cancel: {
    flags: {},
    words: [0, 1],
    perform: async (invocation) => {
      const paths = await stack(
        invocation,
        invocation.arguments.words[0] ?? invocation.arguments.text('stack'),
      );
      if (!(await stackExists(paths))) throw noSuchStack(paths.stack);
      await removeLocks(paths);
      invocation.print(`The currently running update for '${paths.stack}' has been canceled!`);
    },
  },
  'stack init': {
    flags: {
      'secrets-provider': 'text',
      'no-select': 'switch',
      'copy-config-from': 'refused text',
      'config-file': 'text',
    },
    words: [0, 1],
    perform: initStack,
  },
  'stack select': {
    flags: { create: 'switch', 'secrets-provider': 'text', 'config-file': 'text' },
    words: [0, 1],
    perform: selectStack,
  },
  'stack ls': { flags: { json: 'switch', all: 'switch' }, perform: listStacks },
  'stack rm': {
    flags: { force: 'switch', 'preserve-config': 'switch', 'config-file': 'text' },
    words: [0, 1],
    perform: removeStackVerb,
  },
  'stack rename': { flags: {}, words: [1, 1], perform: renameStackVerb },
  'stack output': { flags: STACK_OPTION, words: [0, 1], perform: showOutputs },
  'stack history': {
    flags: { ...STACK_OPTION, 'page-size': 'text', page: 'text', 'config-file': 'text' },
    perform: showHistory,
  },
  'stack export': {
    flags: { 'show-secrets': 'switch', file: 'text', version: 'refused text' },
    perform: exportStack,
  },
  'stack import': { flags: { file: 'text', force: 'switch' }, perform: importStack },
  'stack tag get': { flags: {}, words: [1, 1], perform: tagVerbs.get },
  'stack tag set': { flags: {}, words: [2, 2], perform: tagVerbs.set },
  'stack tag rm': { flags: {}, words: [1, 1], perform: tagVerbs.rm },
  'stack tag ls': { flags: { json: 'switch' }, perform: tagVerbs.ls },
  config: { flags: { ...CONFIG, ...STACK_OPTION }, perform: listConfig },
  'config get': { flags: { ...CONFIG, json: 'switch' }, words: [1, 1], perform: getConfig },
  'config set': {
    flags: { ...CONFIG, secret: 'switch', plaintext: 'switch' },
    words: [1, 2],
    perform: setConfig,
  },
  'config set-all': {
    flags: { ...CONFIG, secret: 'texts', plaintext: 'texts', json: 'text' },
    perform: setAllConfig,
  },
  'config rm': { flags: CONFIG, words: [1, 1], perform: removeConfig },
  'config rm-all': { flags: CONFIG, words: [1, Number.POSITIVE_INFINITY], perform: removeConfig },
  'config refresh': { flags: { force: 'switch', 'config-file': 'text' }, perform: refreshConfig },
  /** There are none: providers are part of this engine, or listen on a port. */
  'plugin ls': {
    flags: { json: 'switch', project: 'switch' },
    perform: async (invocation) => invocation.print('[]'),
  },
  whoami: {
    flags: { json: 'switch', verbose: 'switch' },
    perform: async (invocation) => {
      const { url } = backend(invocation);
      const user = userInfo().username;
      invocation.print(invocation.arguments.has('json') ? JSON.stringify({ user, url }, undefined, 2) : user);
    },
  },
  version: {
    flags: {},
    perform: async (invocation) => invocation.print(`v${CLI_VERSION}`),
  },
};

/** The verb a command line begins with and what follows it; the longest name wins. */
export function findVerb(args: readonly string[]): {
  readonly name: string;
  readonly verb: Verb;
  readonly rest: string[];
} {
  for (const length of [3, 2, 1]) {
    const name = args.slice(0, length).join(' ');
    const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
    const isAnother = verb?.words === undefined && args[length]?.startsWith('-') === false;
    if (verb !== undefined && !isAnother) return { name, verb, rest: args.slice(length) };
  }
  const words = args.slice(0, args[0] === 'config' ? 3 : 2).filter((word) => !word.startsWith('-'));
  throw new Refusal(`the embedded engine does not support \`pulumi ${words.join(' ')}\``);
}
