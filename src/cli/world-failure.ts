/** What the system says where files cannot be used as they have to be. Anything else it says may be our fault. */
const SYSTEM: ReadonlySet<string> = new Set([
  'EACCES',
  'EDQUOT',
  'EEXIST',
  'EIO',
  'EISDIR',
  'ELOOP',
  'EMFILE',
  'ENAMETOOLONG',
  'ENFILE',
  'ENOSPC',
  'ENOTDIR',
  'EPERM',
  'EROFS',
]);
/** SQLite's primary result codes: busy, readonly, I/O error, corrupt, full, cannot open, not a database (https://www.sqlite.org/rescode.html). */
const SQLITE: ReadonlySet<number> = new Set([5, 8, 10, 11, 13, 14, 26]);

/** The words of a failure of the disk or of what lies on it; undefined for everything else that can be thrown. */
export function worldFailure(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, errcode, message } = error as NodeJS.ErrnoException & { readonly errcode?: number };
  if (code === 'ERR_SQLITE_ERROR' && errcode !== undefined)
    return SQLITE.has(errcode & 0xff) ? `a database in .signalbox cannot be used: ${message}` : undefined;
  return code !== undefined && SYSTEM.has(code) ? message : undefined;
}
