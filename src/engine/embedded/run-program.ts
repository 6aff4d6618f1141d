import * as grpc from '@grpc/grpc-js';
import { LanguageRuntimeClient } from '@pulumi/pulumi/proto/language_grpc_pb';
import * as language from '@pulumi/pulumi/proto/language_pb';

export interface ProgramCall {
  /** `host:port` of the LanguageRuntime. */
  readonly client: string;
  readonly project: string;
  readonly stack: string;
  readonly organization: string;
  readonly config: ReadonlyMap<string, string>;
  readonly secretKeys: ReadonlySet<string>;
  readonly isDry: boolean;
  readonly parallel: number;
  /** `host:port` of the ResourceMonitor and the Engine service. */
  readonly engine: string;
}

export interface ProgramEnd {
  /** Why the program failed; empty where it has told so itself. undefined where it ran through. */
  readonly error?: string;
}

/** A program at work. `end` never rejects; `close` forgets it. */
export interface Program {
  readonly end: Promise<ProgramEnd>;
  close(): void;
}

export function runProgram(call: ProgramCall): Program {
  const client = new LanguageRuntimeClient(call.client, grpc.credentials.createInsecure());
  const request = new language.RunRequest();
  request.setProject(call.project);
  request.setStack(call.stack);
  request.setOrganization(call.organization);
  request.setPwd(process.cwd());
  request.setProgram('.');
  request.setArgsList([call.engine]);
  request.setDryrun(call.isDry);
  request.setParallel(Math.min(call.parallel, 2 ** 31 - 1));
  request.setMonitorAddress(call.engine);
  request.setConfigsecretkeysList([...call.secretKeys]);
  for (const [key, value] of call.config) request.getConfigMap().set(key, value);
  const end = new Promise<ProgramEnd>((resolve) => {
    client.run(request, (error: grpc.ServiceError | null, response?: language.RunResponse) => {
      if (error) resolve({ error: error.details || error.message });
      else if (response?.getBail()) resolve({ error: '' });
      else if (response?.getError()) {
        resolve({ error: `an unhandled error occurred: ${response.getError()}` });
      } else resolve({});
    });
  });
  return { end, close: () => client.close() };
}
