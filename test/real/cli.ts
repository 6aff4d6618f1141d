import { execFile } from 'node:child_process';

/** The real CLI that these tests run, where the environment names one. */
export const CLI = process.env['SIGNALBOX_PULUMI'];

/** The engine line of signalbox.yaml that works on it. */
export const ENGINE = `{ kind: pulumi, cloud: sandbox, command: ${JSON.stringify(CLI ?? '')} }`;

/** Tests of the real CLI: skipped, with the reason in their title, where there is none. */
export function withCli(title: string, tests: (cli: string) => void): void {
  if (CLI !== undefined && CLI !== '') {
    describe(`${title} (on ${CLI})`, () => tests(CLI));
    return;
  }
  describe(title, () => {
    it('did not run: SIGNALBOX_PULUMI names no Pulumi CLI', function () {
      this.skip();
    });
  });
}

export interface Ended {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(program, [...args], { ...options, maxBuffer: 64 * 1024 ** 2 }, (error, stdout, stderr) =>
      resolve({ code: error ? (error.code ?? String(error.signal)) : 0, stdout, stderr }),
    );
  });
}
