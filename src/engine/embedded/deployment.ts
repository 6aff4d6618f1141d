import type { EngineEvent } from '@pulumi/pulumi/automation';
import { builtinProvider } from './builtin';
import { Emitter } from './emitter';
import { Journal } from './journal';
import { DependencyGraph } from './order';
import type { ProviderHost, WireObject } from './provider';
import { ProviderRegistry } from './provider-registry';
import { refreshFirst } from './refresh';
import type { Snapshot } from './resource';
import { Bail, type Run } from './run';
import { Targets } from './targets';
import { type Ending, update } from './update';

export type DeploymentKind = 'preview' | 'update' | 'refresh' | 'destroy';

/** One operation on one stack, with everything it reads and everywhere it writes. */
export interface DeploymentRequest {
  readonly kind: DeploymentKind;
  /** Of refresh and destroy: look only. `kind: 'preview'` is always dry. */
  readonly preview?: boolean;
  readonly project: string;
  readonly stack: string;
  readonly organization: string;
  /** Full keys (`conf:token`) to values in plain text. */
  readonly config: ReadonlyMap<string, string>;
  readonly secretKeys: ReadonlySet<string>;
  readonly snapshot: Snapshot;
  /** `host:port` of the LanguageRuntime that runs the program; refresh and destroy do without. */
  readonly languageClient?: string;
  readonly providers: ProviderHost;
  /** The most steps at once; 1 is the order of the program. */
  readonly parallel: number;
  /** URNs and patterns. */
  readonly targets?: readonly string[];
  readonly targetDependents?: boolean;
  readonly excludes?: readonly string[];
  readonly excludeDependents?: boolean;
  readonly replaces?: readonly string[];
  /** Of all but refresh: read every resource before. */
  readonly refreshBefore?: boolean;
  readonly continueOnError?: boolean;
  readonly message: string;
  /** Refresh only: drop pending creates instead of keeping them with a warning. */
  readonly clearPendingCreates?: boolean;
  /** Events in order; `sequence` counts from 0, `timestamp` in seconds. */
  emit(event: EngineEvent): void;
  /** After every change, before every effect (with the effect pending). The snapshot is a fresh array of shared objects. */
  save(snapshot: Snapshot): void | Promise<void>;
  /** Outputs of another stack; undefined where there is no such stack. `name` as the program gave it. */
  resolveStack(name: string): Promise<WireObject | undefined>;
  readonly signal: AbortSignal;
  readonly showSecrets?: boolean;
}

export interface DeploymentResult {
  readonly ok: boolean;
  /** Operations by kind (`create`, `same`, …) as in the summary event. */
  readonly counts: Readonly<Record<string, number>>;
  /** What the CLI prints after `error:`, one line or more. */
  readonly error?: string;
  readonly cancelled?: boolean;
  /** The state after the operation; that of the request in a preview. */
  readonly snapshot: Snapshot;
}

/** Runs the operation. Never throws for what the world or the program does: that is part of the result. */
export async function deploy(request: DeploymentRequest): Promise<DeploymentResult> {
  const started = performance.now();
  const isDry = request.kind === 'preview' || request.preview === true;
  const shown = { planning: isDry, showSecrets: request.showSecrets === true };
  const emitter = new Emitter((event) => request.emit(event), shown, secretsOf(request));
  const run = prepare(request, emitter, isDry);
  const nobody = unknownName(run, request.kind);
  if (nobody !== undefined) {
    emitter.end();
    return {
      ok: false,
      counts: {},
      error: `no resource named '${nobody}' found`,
      snapshot: request.snapshot,
    };
  }
  emitter.prelude(shownConfig(request));
  let ending: Ending = { counts: {}, maybeCorrupt: false };
  try {
    if (!isDry) await run.journal.save();
    ending = await perform(run, request);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (!(error instanceof Bail)) emitter.error(message);
    ending = { ...ending, error: message };
  } finally {
    await run.registry.close();
  }
  if (!isDry) await run.journal.save();
  const ok = ending.error === undefined;
  const seconds = (performance.now() - started) / 1000;
  emitter.summary({ counts: ending.counts, maybeCorrupt: ending.maybeCorrupt, seconds, ok });
  emitter.end();
  return {
    ok,
    counts: ending.counts,
    ...(ending.error === undefined ? {} : { error: ending.error }),
    ...(ending.isCancelled ? { cancelled: true } : {}),
    snapshot: isDry ? request.snapshot : run.journal.snapshot(),
  };
}

/** What is named and is not there, where no program could bring it. */
function unknownName({ base, selection }: Run, kind: DeploymentKind): string | undefined {
  if (kind !== 'refresh' && kind !== 'destroy') return undefined;
  const present = new Set(base.map(({ urn }) => urn));
  const named = [...selection.targets.literals, ...selection.excludes.literals];
  return named.find((urn) => !present.has(urn));
}

function prepare(request: DeploymentRequest, emitter: Emitter, isDry: boolean): Run {
  // The caller's objects stay as they are: a preview marks resources as deleted, too.
  const base = request.snapshot.resources.map((state) => ({ ...state }));
  const news: Run['news'] = new Map();
  const builtins = builtinProvider({
    resolveStack: (name) => request.resolveStack(name),
    resource: (urn) => news.get(urn),
  });
  const host: ProviderHost = async (name, version) =>
    name === 'pulumi' ? builtins : request.providers(name, version);
  return {
    project: request.project,
    stack: request.stack,
    isDry,
    isRefresh: request.kind === 'refresh',
    emitter,
    journal: new Journal({ ...request.snapshot, resources: base }, (snapshot) => request.save(snapshot)),
    registry: new ProviderRegistry(host, (text) => emitter.warning(text)),
    base,
    olds: new Map(base.filter((state) => !state.delete).map((state) => [state.urn, state])),
    graph: new DependencyGraph(base),
    news,
    deletes: new Set(),
    selection: {
      targets: new Targets(request.targets),
      targetDependents: request.targetDependents === true,
      excludes: new Targets(request.excludes),
      excludeDependents: request.excludeDependents === true,
    },
    replaceTargets: new Targets(request.replaces),
    continueOnError: request.continueOnError === true,
    signal: request.signal,
  };
}

async function perform(run: Run, request: DeploymentRequest): Promise<Ending> {
  if (!run.isRefresh && request.refreshBefore !== true) return update(run, request);
  const ending = await refreshFirst(run, request);
  return run.isRefresh || ending.error !== undefined ? ending : update(run, request);
}

/** Of objects and lists in the configuration each text counts by itself. */
function secretsOf({ config, secretKeys }: DeploymentRequest): string[] {
  const texts: string[] = [];
  for (const key of secretKeys) {
    const text = config.get(key) ?? '';
    texts.push(text);
    try {
      JSON.parse(text, (_, value: unknown) => (typeof value === 'string' ? texts.push(value) : value));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return texts;
}

function shownConfig({ config, secretKeys }: DeploymentRequest): Record<string, string> {
  return Object.fromEntries(
    [...config].map(([key, value]) => [key, secretKeys.has(key) ? '[secret]' : value]),
  );
}
