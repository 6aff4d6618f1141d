/** The most a component may weigh, in bytes, and how many files it may have: code, not artefacts. */
export const MAX_BYTES = 10 * 1024 * 1024;
export const MAX_FILES = 2000;

/** Names of tracks and components become folders and parts of messages. */
export const isName = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(text);

// biome-ignore lint/suspicious/noControlCharactersInRegex: naming control characters is the point
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** Why a POSIX path inside a component is refused, undefined where it is fine. */
export function pathFault(path: string): string | undefined {
  if (CONTROL.test(path)) return 'has a control character in its name';
  if (path.includes('\ufffd')) return 'has a name that is not UTF-8';
  if (path.includes('\\')) return 'has a backslash in its name';
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'has an absolute path';
  for (const segment of path.split('/')) {
    if (segment === '') return 'has an empty part in its path';
    if (segment === '.' || segment === '..') return `has "${segment}" in its path`;
    if (/^(\.git|git~\d+)[ .]*$/i.test(segment)) return 'would lie in a .git folder';
    if (segment.toLowerCase() === 'node_modules') return 'brings packages of its own (node_modules)';
    if (/[<>:"|?*]/.test(segment) || /[ .]$/.test(segment)) return 'has a name not every platform can hold';
  }
  if (Buffer.byteLength(path) > 400) return 'has a path longer than 400 bytes';
  return undefined;
}

/** Pairs of paths (or of folders on the way to them) that are one name where case does not count. */
export function caseCollisions(paths: Iterable<string>): readonly (readonly [string, string])[] {
  const spelled = new Map<string, string>();
  const found = new Map<string, readonly [string, string]>();
  for (const path of paths) {
    const segments = path.split('/');
    for (let depth = 1; depth <= segments.length; depth++) {
      const name = segments.slice(0, depth).join('/');
      const folded = name.normalize('NFC').toLowerCase();
      const other = spelled.get(folded);
      if (other === undefined) spelled.set(folded, name);
      else if (other !== name) found.set(`${other}\0${name}`, [other, name]);
    }
  }
  return [...found.values()];
}

/** A large file's stand-in: what git stores where Git LFS keeps the content elsewhere. */
export const isLfsPointer = (content: Uint8Array): boolean =>
  Buffer.from(content.subarray(0, 48))
    .toString('latin1')
    .startsWith('version https://git-lfs.github.com/spec/');

/** Text of the user's made harmless to print: no control characters, not endless. */
export const shown = (text: string): string => {
  const plain = text.replace(new RegExp(CONTROL.source, 'g'), '\ufffd');
  return plain.length > 200 ? `${plain.slice(0, 200)}…` : plain;
};
