import { readIfThere, type StackPaths } from '../state/backend';
import { removeFile, writeDurably } from '../state/file';
import { Refusal } from '../state/refusal';
import { noSuchStack, stackExists } from '../state/stack-state';
import { type Perform, stack } from './invocation';

const VERSION = 1;

/** `stack tag get|set|rm|ls`. */
export const tagVerbs: Readonly<Record<'get' | 'set' | 'rm' | 'ls', Perform>> = {
  get: async (invocation) => {
    const [name = ''] = invocation.arguments.words;
    const paths = await stack(invocation);
    const tag = (await readTags(paths))[name];
    if (tag === undefined) throw new Refusal(`stack tag '${name}' not found for stack '${paths.stack}'`);
    invocation.print(tag);
  },
  set: async (invocation) => {
    const [name = '', value = ''] = invocation.arguments.words;
    const paths = await stack(invocation);
    await writeTags(paths, { ...(await readTags(paths)), [name]: value });
  },
  rm: async (invocation) => {
    const paths = await stack(invocation);
    const { [invocation.arguments.words[0] ?? '']: _, ...kept } = await readTags(paths);
    await writeTags(paths, kept);
  },
  ls: async (invocation) => {
    invocation.print(JSON.stringify(await readTags(await stack(invocation)), undefined, 2));
  },
};

async function readTags(paths: StackPaths): Promise<Record<string, string>> {
  if (!(await stackExists(paths))) throw noSuchStack(paths.stack);
  const text = await readIfThere(paths.tags);
  if (text === undefined) return {};
  const { version, tags } = JSON.parse(text);
  if (version !== VERSION) throw new Refusal(`unsupported stack tags version ${version}`);
  return tags;
}

async function writeTags(paths: StackPaths, tags: Readonly<Record<string, string>>): Promise<void> {
  if (Object.keys(tags).length === 0) await removeFile(paths.tags);
  else await writeDurably(paths.tags, JSON.stringify({ version: VERSION, tags }));
}
