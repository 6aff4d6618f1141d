import type { Applied } from './applied';
import { apply, ProtectedError } from './apply';
import { isInternal } from './emitter';
import type { ResourceState } from './resource';
import type { Run } from './run';
import { isLogical, type Step, type StepOp, subject } from './step';
import { equal, isSecret, secret } from './wire';

/** Steps in which the engine has the same outputs as old and new ones. */
const ONE_SET: ReadonlySet<StepOp> = new Set(['same', 'import', 'import-replacement']);

/** Carries out steps, up to `parallel` at once; counts them, tells of them, keeps their states. */
export class Executor {
  readonly counts: Record<string, number> = {};
  maybeCorrupt = false;
  /** The first step that failed. */
  failure: Error | undefined;
  /** Steps whose outputs the program may still register, by URN. */
  readonly registered = new Map<string, Step>();
  /** Others may have gone on. */
  readonly failed: Step[] = [];
  private steps = 0;
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private idle: (() => void)[] = [];
  private readonly stopping = new AbortController();
  /** Aborted when no further step starts. */
  readonly stopped: AbortSignal = this.stopping.signal;

  constructor(
    private readonly run: Run,
    private readonly options: {
      readonly parallel: number;
      /** A refresh reads everything, whatever fails. */
      readonly ignoreErrors: boolean;
    },
  ) {
    if (run.signal.aborted) this.stopping.abort();
    else run.signal.addEventListener('abort', this.stop, { once: true });
  }

  readonly stop = (): void => {
    this.stopping.abort();
    for (const wake of this.waiting.splice(0)) wake();
  };

  /** Resolves when the chain has begun; its end is for `settled` to wait for. */
  async submit(chain: readonly Step[]): Promise<{ done: Promise<void> }> {
    while (this.running >= this.options.parallel && !this.stopped.aborted) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.running++;
    return { done: this.work(chain) };
  }

  /** All steps side by side. */
  async runAll(steps: readonly Step[]): Promise<void> {
    const ends: Promise<void>[] = [];
    for (const step of steps) {
      const { done } = await this.submit([step]);
      ends.push(done);
    }
    await Promise.all(ends);
  }

  async settled(): Promise<void> {
    while (this.running > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  close(): void {
    this.run.signal.removeEventListener('abort', this.stop);
  }

  private async work(chain: readonly Step[]): Promise<void> {
    try {
      for (const step of chain) {
        if (this.stopped.aborted || !(await this.execute(step))) return;
      }
    } catch (error) {
      // The state could not be saved: the last save, after everything, says so again and ends the operation.
      this.failure ??= error instanceof Error ? error : new Error(String(error));
      this.stop();
    } finally {
      this.running--;
      this.waiting.shift()?.();
      if (this.running === 0) for (const wake of this.idle.splice(0)) wake();
    }
  }

  private async execute(step: Step): Promise<boolean> {
    this.run.emitter.before(step);
    if (!this.run.isDry) await this.run.journal.begin(step);
    const applied = await apply(this.run, step);
    if (!applied.error && isLogical(step) && step.new) this.registered.set(step.new.urn, step);
    if (step.new && step.op !== 'replace') {
      this.keepSecret(step.new);
      // What stays, or came as it was, has one set of outputs, before and after.
      if (ONE_SET.has(step.op) && step.old && step.new.outputs) step.old.outputs = step.new.outputs;
      this.run.news.set(step.new.urn, step.new);
    }
    this.tell(step, applied);
    const isHalfDone = applied.status === 1;
    if (isHalfDone && step.op === 'update' && step.new) step.new.inputs = step.old?.inputs ?? {};
    if (!this.run.isDry && step.op !== 'refresh')
      await this.run.journal.end(step, !applied.error || isHalfDone);
    if (applied.error) {
      this.fail(step, applied.error);
      return false;
    }
    if (step.new) step.answer?.({ state: step.new, result: 'success', unknown: step.skippedCreate === true });
    return true;
  }

  private fail(step: Step, error: Error): void {
    this.failure ??= error;
    if (this.options.ignoreErrors) return;
    this.failed.push(step);
    if (!(error instanceof ProtectedError) && !this.run.continueOnError) {
      this.stop();
      return;
    }
    if (step.new) step.answer?.({ state: step.new, result: 'failed' });
  }

  /** Outputs are secret where the program says so, or where the input of the same name is. */
  private keepSecret(state: ResourceState): void {
    const wanted = new Set(state.additionalSecretOutputs ?? []);
    if (wanted.has('id')) {
      this.run.emitter.warning(
        "The 'id' property cannot be made secret. See pulumi/pulumi#2717 for more details.",
        state.urn,
      );
    }
    const { inputs = {}, outputs } = state;
    if (!outputs) return;
    let changed = outputs;
    for (const key in outputs) {
      const value = outputs[key];
      if (value === undefined) continue;
      if (!wanted.has(key) && !isSecret(inputs[key])) continue;
      if (changed === outputs) changed = { ...outputs };
      changed[key] = secret(value);
    }
    state.outputs = changed;
  }

  private tell(step: Step, { status, error }: Applied): void {
    const { emitter, isDry } = this.run;
    if (error) {
      const urn = isInternal(step) ? '' : subject(step).urn;
      if (isDry) {
        emitter.error(`Preview failed: ${error.message}`, urn);
        return;
      }
      if (status === 2) this.maybeCorrupt = true;
      emitter.error(error.message, urn);
      emitter.failed(step, status, this.steps);
      return;
    }
    const op = this.record(step);
    const isTold = isDry || subject(step).custom || step.op === 'delete' || step.op === 'refresh';
    if (isTold) emitter.outputs(step, op);
  }

  private record(step: Step): StepOp {
    const isRefresh = this.run.isRefresh && step.op === 'refresh';
    const op = isRefresh ? (step.refreshed?.op ?? 'same') : step.op;
    const isCounted = step.op === 'read' ? readMoved(step) : isRefresh || isLogical(step);
    if (isCounted && !isInternal(step)) {
      this.steps++;
      this.counts[op] = (this.counts[op] ?? 0) + 1;
    }
    return op;
  }
}

function readMoved(step: Step): boolean {
  const { old, new: fresh } = step;
  return Boolean(old?.outputs && fresh?.outputs && !equal(old.outputs, fresh.outputs));
}
