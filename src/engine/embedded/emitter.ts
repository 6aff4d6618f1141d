import type { EngineEvent } from '@pulumi/pulumi/automation';
import { type Blinding, blind } from './blind';
import { masking } from './mask';
import type { Wire } from './provider';
import type { ResourceState } from './resource';
import { isLogical, type Step, type StepOp, subject } from './step';
import { isDefaultProvider } from './urn';
import { describe, redactSecrets } from './wire';

export type Severity = 'debug' | 'info' | 'info#err' | 'warning' | 'error';

/** The event stream of one operation, in the shape that the real CLI writes to its event log. */
export class Emitter {
  private sequence = 0;
  private readonly blinding: Blinding;

  constructor(
    private readonly sink: (event: EngineEvent) => void,
    private readonly options: { readonly planning: boolean; readonly showSecrets: boolean },
    /** Of the configuration, in plain text: no event shows them. */
    secrets: Iterable<string> = [],
  ) {
    this.blinding = { showSecrets: options.showSecrets, mask: masking(secrets) };
  }

  prelude(config: Readonly<Record<string, string>>): void {
    this.send({ preludeEvent: { config } });
  }

  diagnostic(severity: Severity, message: string, urn = '', options: { ephemeral?: boolean } = {}): void {
    const prefix = severity === 'info' || severity === 'info#err' ? undefined : `${severity}: `;
    this.send({
      diagnosticEvent: {
        ...(urn ? { urn } : {}),
        ...(prefix ? { prefix } : {}),
        message: `${this.blinding.mask(message)}\n`,
        color: 'never',
        severity,
        ...(options.ephemeral ? { ephemeral: true } : {}),
      },
    });
  }

  error(message: string, urn = ''): void {
    this.diagnostic('error', message, urn);
  }

  warning(message: string, urn = ''): void {
    this.diagnostic('warning', message, urn);
  }

  /** A value for a message, secrets hidden as in the events. */
  describe(value: Wire | undefined): string {
    return describe(value === undefined || this.blinding.showSecrets ? value : redactSecrets(value));
  }

  before(step: Step): void {
    this.send({ resourcePreEvent: { metadata: this.metadata(step, step.op), ...this.planning() } });
  }

  outputs(step: Step, op: StepOp = step.op): void {
    this.send({ resOutputsEvent: { metadata: this.metadata(step, op), ...this.planning() } });
  }

  failed(step: Step, status: number, steps: number): void {
    this.send({ resOpFailedEvent: { metadata: this.metadata(step, step.op), status, steps } });
  }

  summary(summary: {
    counts: Readonly<Record<string, number>>;
    maybeCorrupt: boolean;
    seconds: number;
    ok: boolean;
  }): void {
    this.send({
      summaryEvent: {
        maybeCorrupt: summary.maybeCorrupt,
        durationSeconds: Math.ceil(summary.seconds),
        resourceChanges: summary.counts,
        PolicyPacks: {},
        isPreview: this.options.planning,
        result: summary.ok ? 'succeeded' : 'failed',
      },
    });
  }

  end(): void {
    this.send({ cancelEvent: {} });
  }

  private planning(): { planning?: true } {
    return this.options.planning ? { planning: true } : {};
  }

  private metadata(step: Step, op: StepOp): Record<string, unknown> {
    const state = subject(step);
    const diffs = step.refreshed?.diffs ?? step.diffs;
    return {
      op,
      urn: state.urn,
      type: state.type,
      old: this.state(step.old),
      new: this.state(step.new),
      ...(step.keys?.length ? { keys: step.keys } : {}),
      ...(diffs?.length ? { diffs } : {}),
      detailedDiff: detailsOf(step),
      ...(isLogical(step) ? { logical: true } : {}),
      provider: state.provider ?? '',
    };
  }

  private state(state: ResourceState | undefined): Record<string, unknown> | null {
    if (!state) return null;
    return {
      type: state.type,
      urn: state.urn,
      ...(state.custom ? { custom: true } : {}),
      ...(state.delete ? { delete: true } : {}),
      id: state.id ?? '',
      parent: state.parent ?? '',
      ...(state.protect ? { protect: true } : {}),
      ...(state.taint ? { taint: true } : {}),
      ...(state.external ? { external: true } : {}),
      ...(state.retainOnDelete ? { retainOnDelete: true } : {}),
      inputs: blind(state.inputs, this.blinding),
      outputs: blind(state.outputs, this.blinding),
      provider: state.provider ?? '',
      ...(state.initErrors?.length ? { initErrors: state.initErrors } : {}),
      ...(state.hideDiff?.length ? { hideDiffs: state.hideDiff } : {}),
    };
  }

  /** The declared types of the Automation API leave out fields that the CLI sends, so the shape is checked by the corpus. */
  private send(event: object): void {
    this.sink({
      sequence: this.sequence++,
      timestamp: Math.floor(Date.now() / 1000),
      ...event,
    } as EngineEvent);
  }
}

function detailsOf(step: Step): Record<string, unknown> | null {
  if (!step.detailedDiff) return null;
  return Object.fromEntries(
    Object.entries(step.detailedDiff).map(([path, { kind, inputDiff }]) => [
      path,
      { diffKind: kind, inputDiff },
    ]),
  );
}

/** Steps that people do not see counted: the engine's own providers. */
export function isInternal(step: Step): boolean {
  return step.op === 'remove-pending-replace' || isDefaultProvider(subject(step).urn);
}
