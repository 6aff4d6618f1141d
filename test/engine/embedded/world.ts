import * as grpc from '@grpc/grpc-js';
import type { EngineEvent } from '@pulumi/pulumi/automation';
import { LanguageRuntimeService } from '@pulumi/pulumi/proto/language_grpc_pb';
import {
  type DeploymentRequest,
  type DeploymentResult,
  deploy,
} from '../../../src/engine/embedded/deployment';
import type { WireObject } from '../../../src/engine/embedded/provider';
import type { Snapshot } from '../../../src/engine/embedded/resource';
import { type Lab, lab } from './lab';

// The Automation API's own server of inline programs; its declarations leave it out.
const { LanguageServer } = require('@pulumi/pulumi/automation/server') as {
  LanguageServer: new (program: () => Promise<unknown>) => grpc.UntypedServiceImplementation;
};

export type Program = () => unknown;

/** One stack on one lab. Operations follow each other on its state, as they would on a file. */
export interface World {
  readonly lab: Lab;
  state: Snapshot;
  readonly saves: Snapshot[];
  preview(program: Program, more?: Partial<DeploymentRequest>): Promise<Told>;
  up(program: Program, more?: Partial<DeploymentRequest>): Promise<Told>;
  refresh(more?: Partial<DeploymentRequest>): Promise<Told>;
  destroy(more?: Partial<DeploymentRequest>): Promise<Told>;
  /**
   * Does the work, but nothing of it from the n-th moment on (a save or an effect, counted from 0), as if its process were
   * killed then; the state is the last that was saved. Returns whether it was cut off.
   */
  cut(moment: number, work: () => Promise<unknown>): Promise<boolean>;
}

export interface Told extends DeploymentResult {
  /** Steps that do something, as `create a`, in order of their beginning. */
  readonly story: string[];
  readonly diagnostics: string[];
  readonly events: EngineEvent[];
}

export function world(stacks: Readonly<Record<string, WireObject>> = {}): World {
  const cloud = lab();
  const run = async (
    kind: DeploymentRequest['kind'],
    program: Program | undefined,
    more: Partial<DeploymentRequest> = {},
  ): Promise<Told> => {
    const events: EngineEvent[] = [];
    const served = program && (await serve(program));
    try {
      const result = await deploy({
        kind,
        project: 'conf',
        stack: 'dev',
        organization: 'organization',
        config: new Map(),
        secretKeys: new Set(),
        snapshot: it.state,
        ...(served ? { languageClient: served.address } : {}),
        providers: async (name) => (name === 'lab' ? cloud.provider() : undefined),
        parallel: 1,
        message: '',
        emit: (event) => events.push(event),
        save: (snapshot) => {
          cloud.moment?.('before');
          it.saves.push(structuredClone(snapshot));
          cloud.moment?.('after');
        },
        resolveStack: async (name) => stacks[name],
        signal: new AbortController().signal,
        ...more,
      });
      it.state = result.snapshot;
      return { ...result, story: storyOf(events), diagnostics: diagnosticsOf(events), events };
    } finally {
      served?.close();
    }
  };
  const it: World = {
    lab: cloud,
    state: { resources: [], pendingOperations: [] },
    saves: [],
    preview: (program, more) => run('preview', program, more),
    up: (program, more) => run('update', program, more),
    refresh: (more) => run('refresh', undefined, more),
    destroy: (more) => run('destroy', undefined, more),
    cut: async (moment, work) => {
      let isDead = false;
      let passed = 0;
      cloud.moment = (when) => {
        if (when === 'after') isDead ||= passed++ === moment;
        if (isDead) throw new Error('killed');
      };
      await work().catch((error: unknown) => {
        if (!isDead) throw error;
      });
      delete cloud.moment;
      if (isDead) it.state = structuredClone(it.saves.at(-1) ?? it.state);
      return isDead;
    },
  };
  return it;
}

function storyOf(events: readonly EngineEvent[]): string[] {
  return events.flatMap(({ resourcePreEvent }) => {
    if (!resourcePreEvent) return [];
    const { op, urn, type } = resourcePreEvent.metadata;
    if (op === 'same' || type.startsWith('pulumi:providers:') || type === 'pulumi:pulumi:Stack') return [];
    return [`${op} ${urn.slice(urn.lastIndexOf('::') + 2)}`];
  });
}

function diagnosticsOf(events: readonly EngineEvent[]): string[] {
  return events.flatMap(({ diagnosticEvent }) =>
    diagnosticEvent ? [`${diagnosticEvent.severity}: ${diagnosticEvent.message.trim()}`] : [],
  );
}

async function serve(program: Program): Promise<{ address: string; close(): void }> {
  const server = new grpc.Server();
  const runtime = new LanguageServer(async () => program());
  server.addService(LanguageRuntimeService, runtime);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}
