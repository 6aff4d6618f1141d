/**
 * Runs work with this many frames in each error. The SDK captures a call stack for every promise and resource, which is
 * over half of what an operation costs: programs run with none.
 */
export async function withFrames<T>(frames: number, work: () => Promise<T>): Promise<T> {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = frames;
  try {
    return await work();
  } finally {
    Error.stackTraceLimit = before;
  }
}
