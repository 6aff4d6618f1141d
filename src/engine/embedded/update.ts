import { DeploymentInfo } from '@pulumi/pulumi/proto/resource_pb';
import { cleanUp } from './clean-up';
import { Demands } from './demands';
import type { DeploymentRequest } from './deployment';
import type { Draft } from './draft';
import { Executor } from './executor';
import { Generator } from './generate';
import type { Demand } from './goal';
import { Monitor } from './monitor';
import { dependenciesOf } from './order';
import { knownPackages } from './package';
import type { WireObject } from './provider';
import type { ResourceState } from './resource';
import { Bail, type Run, refuseMissing, tellMissing } from './run';
import { runProgram } from './run-program';
import { EngineServer, FEATURES } from './server';
import { type Step, subject } from './step';
import { isProviderType, isRootStack } from './urn';

/** How an operation ended. `error` is undefined where it went well; it has been told already. */
export interface Ending {
  readonly counts: Readonly<Record<string, number>>;
  readonly maybeCorrupt: boolean;
  readonly error?: string;
  readonly isCancelled?: boolean;
}

type Event =
  | Demand
  | { readonly kind: 'imported'; readonly draft: Draft; readonly state: ResourceState | undefined }
  | { readonly kind: 'finished'; readonly error?: string };

/** Runs the program and does what it asks for, then cleans up: previews, updates, and (without a program) destroys. */
export async function update(run: Run, request: DeploymentRequest): Promise<Ending> {
  if (request.refreshBefore !== true) warnOfPending(run, request);
  refuseMissing(run, run.replaceTargets);
  const update = new Update(run, request);
  const program = request.kind === 'destroy' ? undefined : request.languageClient;
  return program === undefined ? update.withoutProgram() : update.withProgram(program);
}

class Update {
  private readonly events = new Demands<Event>();
  private readonly generator: Generator;
  private readonly executor: Executor;
  private stackOutputs: WireObject | undefined;
  private stackUrn = '';
  private importing = 0;
  /** URNs that failed, and those left out because they rest on one. */
  private readonly skipped = new Set<string>();

  constructor(
    private readonly run: Run,
    readonly request: DeploymentRequest,
  ) {
    this.generator = new Generator(run);
    this.executor = new Executor(run, { parallel: Math.max(1, request.parallel), ignoreErrors: false });
  }

  async withoutProgram(): Promise<Ending> {
    return this.conclude(await this.guard(() => this.cleanUp()));
  }

  async withProgram(client: string): Promise<Ending> {
    const { run, request } = this;
    const monitor = new Monitor(
      {
        isDry: run.isDry,
        config: request.config,
        secretKeys: request.secretKeys,
        packages: knownPackages(run.base),
        isSerial: request.parallel <= 1,
      },
      run.registry,
      (demand) => this.events.push(demand),
    );
    const onDone = () => this.events.push({ kind: 'finished' });
    const server = new EngineServer({ monitor, emitter: run.emitter, info: this.info(), onDone });
    const engine = await server.listen();
    const program = runProgram({ ...request, client, isDry: run.isDry, engine });
    try {
      void program.end.then((end) => this.events.push({ kind: 'finished', ...end }));
      const error = await this.guard(() => this.serve());
      // A program that has broken meanwhile gets to say so.
      if (error !== undefined || this.executor.failure !== undefined) await turns(WORDS);
      const ending = await this.conclude(error);
      server.cancel();
      if (ending.error !== undefined) return ending;
      const { error: late } = await program.end;
      if (late === undefined) return ending;
      if (late !== '') run.emitter.error(late);
      return { ...ending, error: late };
    } finally {
      server.cancel();
      program.close();
      server.close();
    }
  }

  /** Takes demands until the program is done; then cleans up. */
  private async serve(): Promise<void> {
    let isFinished = false;
    while (!isFinished || this.importing > 0) {
      const event = await this.events.next(this.executor.stopped);
      if (!event) return;
      if (event.kind === 'finished') {
        if (event.error !== undefined && !isFinished) {
          if (event.error !== '') this.run.emitter.error(event.error);
          throw new Bail(event.error);
        }
        isFinished = true;
      } else await this.handle(event).catch((error: unknown) => this.refuse(event, error));
    }
    await this.cleanUp();
  }

  /** An error of deciding is told with the resource that it is about. */
  private refuse(event: Exclude<Event, { kind: 'finished' }>, error: unknown): never {
    if (error instanceof Bail) throw error;
    const message = error instanceof Error ? error.message : String(error);
    this.run.emitter.error(message, this.urnOf(event));
    throw new Bail(message);
  }

  private urnOf(event: Exclude<Event, { kind: 'finished' }>): string {
    switch (event.kind) {
      case 'register':
      case 'read':
        return this.generator.urnOf(event.goal);
      case 'imported':
        return event.draft.urn;
      case 'outputs':
        return event.urn;
    }
  }

  private async handle(event: Exclude<Event, { kind: 'finished' }>): Promise<void> {
    switch (event.kind) {
      case 'register': {
        // The real engine loads a provider for longer than a worker needs to begin with what was asked for before.
        if (this.request.parallel <= 1 && isProviderType(event.goal.type)) await this.executor.settled();
        const { steps, importing } = await this.generator.register(event.goal, event.answer);
        if (importing) await this.import(steps, importing);
        else await this.execute(steps);
        return;
      }
      case 'read':
        await this.execute(this.generator.read(event.goal, event.answer));
        return;
      case 'imported':
        this.importing--;
        if (event.state) await this.execute(await this.generator.afterImport(event.draft, event.state));
        return;
      case 'outputs':
        return this.registerOutputs(event.urn, event.outputs, event.done);
    }
  }

  private async execute(steps: readonly Step[]): Promise<{ done: Promise<void> } | undefined> {
    for (const failed of this.executor.failed) this.skipped.add(subject(failed).urn);
    const ready = this.skipped.size === 0 ? steps : steps.filter((step) => !this.skips(step));
    return ready.length > 0 ? this.executor.submit(ready) : undefined;
  }

  /** What rests on something that failed is not begun. */
  private skips(step: Step): boolean {
    const state = subject(step);
    const isSkipped =
      (state.parent !== undefined && this.skipped.has(state.parent)) ||
      dependenciesOf(state)
        .values()
        .some((urn) => this.skipped.has(urn));
    if (!isSkipped) return false;
    step.answer?.({ state, result: 'skipped' });
    this.skipped.add(state.urn);
    return true;
  }

  private async import(steps: readonly Step[], draft: Draft): Promise<void> {
    const started = await this.execute(steps);
    if (started === undefined) return;
    this.importing++;
    void started.done.then(() => {
      const { failed } = this.executor;
      const isRead =
        steps[0]?.new?.outputs !== undefined && !failed.some(({ new: fresh }) => fresh === steps[0]?.new);
      this.events.push({ kind: 'imported', draft, state: isRead ? draft.fresh : undefined });
    });
  }

  /** Those of the stack wait for the end: what failed until then keeps its old outputs. */
  private async registerOutputs(urn: string, outputs: WireObject, done: () => void): Promise<void> {
    if (isRootStack(urn)) {
      this.stackUrn = urn;
      this.stackOutputs = outputs;
      done();
      return;
    }
    await this.setOutputs(urn, outputs);
    done();
  }

  private async setOutputs(urn: string, outputs: WireObject): Promise<void> {
    const step = this.executor.registered.get(urn);
    if (!step?.new) {
      throw new Error(`cannot complete a resource '${urn}' whose registration isn't pending`);
    }
    this.executor.registered.delete(urn);
    if (step.skippedCreate) return;
    step.new.outputs = outputs;
    this.run.emitter.outputs(step);
    if (!this.run.isDry) await this.run.journal.outputs(step.new);
  }

  private async cleanUp(): Promise<void> {
    await this.executor.settled();
    if (this.executor.stopped.aborted) return;
    const missing = tellMissing(this.run, this.run.selection.targets, this.generator.registered);
    await cleanUp(this.run, this.generator, this.executor).catch((error: unknown) => {
      // What was told there fails the operation at its end.
      if (!(error instanceof Bail)) throw error;
    });
    if (missing) throw missing;
  }

  /** Runs to the end of what is in flight; returns what went wrong outside of steps. */
  private async guard(work: () => Promise<void>): Promise<Error | undefined> {
    try {
      await work();
      return undefined;
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      if (!(failure instanceof Bail)) this.run.emitter.error(failure.message);
      this.executor.stop();
      return failure;
    } finally {
      await this.executor.settled();
    }
  }

  private async conclude(error: Error | undefined): Promise<Ending> {
    const { executor, generator, run } = this;
    const isFailed = error !== undefined || executor.failure !== undefined || generator.hasErrors;
    if (this.stackOutputs && executor.registered.has(this.stackUrn)) {
      const olds = isFailed ? (run.olds.get(this.stackUrn)?.outputs ?? {}) : {};
      await this.setOutputs(this.stackUrn, { ...olds, ...this.stackOutputs });
    }
    executor.close();
    const { counts, maybeCorrupt } = executor;
    const isCancelled = run.signal.aborted;
    const what = run.isDry ? 'preview' : 'update';
    if (error) return { counts, maybeCorrupt, error: error.message || `${what} failed`, isCancelled };
    if (!isFailed && !isCancelled) return { counts, maybeCorrupt };
    const message = `${what} ${isFailed ? 'failed' : 'canceled'}`;
    run.emitter.error(message);
    return { counts, maybeCorrupt, error: message, isCancelled };
  }

  private info(): DeploymentInfo {
    const { request, run } = this;
    const info = new DeploymentInfo();
    info.setProject(request.project);
    info.setStack(request.stack);
    info.setOrganization(request.organization);
    info.setDryrun(run.isDry);
    info.setParallel(Math.min(request.parallel, 2 ** 31 - 1));
    info.setConfigsecretkeysList([...request.secretKeys]);
    for (const [key, value] of request.config) info.getConfigMap().set(key, value);
    info.setSupportedfeaturesList([...FEATURES]);
    return info;
  }
}

/** What a broken program says arrives within so many turns of the event loop. */
const WORDS = 20;

async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) await new Promise<void>((done) => setImmediate(done));
}

function warnOfPending(run: Run, { snapshot }: DeploymentRequest): void {
  const { pendingOperations } = snapshot;
  if (run.isDry || pendingOperations.length === 0) return;
  const list = pendingOperations.map(
    ({ resource, type }) => `  * ${resource.urn}, interrupted while ${type}\n`,
  );
  run.emitter.warning(
    `Attempting to deploy or update resources with ${pendingOperations.length} pending operations from previous ` +
      `deployment.\n${list.join('')}These resources are in an unknown state because the Pulumi CLI was interrupted ` +
      'while waiting for changes to these resources to complete. You should confirm whether or not the operations ' +
      'listed completed successfully by checking the state of the appropriate provider. For example, if you are ' +
      'using AWS, you can confirm using the AWS Console.\n\nOnce you have confirmed the status of the interrupted ' +
      'operations, you can repair your stack using `pulumi refresh` which will refresh the state from the provider ' +
      'you are using and clear the pending operations if there are any.\n\nNote that `pulumi refresh` will need to be ' +
      'run interactively to clear pending CREATE operations.',
  );
}
