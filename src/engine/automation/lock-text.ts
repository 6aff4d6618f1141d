/** A lock as the CLI names it when it refuses to work: `created by root@host (pid 12) at 2026-01-02T03:04:05Z`. */
export interface NamedLock {
  readonly username: string;
  readonly hostname: string;
  readonly pid: number;
  readonly timestamp: string;
}

const LOCK = /(?:created|locked) by ([^\s@]+)@(\S+) \(pid (\d+)\) (?:at|since) (\S+)/;

/** The first lock that a text names, if it names one. */
export function lockIn(text: string): NamedLock | undefined {
  const [, username, hostname, pid, timestamp] = LOCK.exec(text) ?? [];
  if (username === undefined || hostname === undefined || timestamp === undefined) return undefined;
  return { username, hostname, pid: Number(pid), timestamp };
}

export const ownerOf = ({ username, hostname, pid }: Omit<NamedLock, 'timestamp'>): string =>
  `${username}@${hostname} (pid ${pid})`;
