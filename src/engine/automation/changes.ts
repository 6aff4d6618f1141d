import { createHash } from 'node:crypto';
import type { EngineEvent, OpType, StepEventMetadata } from '@pulumi/pulumi/automation';
import type { Value } from '../../core/project';
import type { Change, ChangeCounts, ChangeKind, Diagnostic, Progress, PropertyChange } from '../port';
import { blind } from './blind';

const LONGEST = 160;

/** Folds the engine's events of one operation into changes, counts and diagnostics. Raw events are never kept. */
export class Changes {
  private readonly byUrn = new Map<string, Change>();
  private readonly drifted = new Map<string, Change>();
  private readonly messages = new Map<string, Diagnostic>();
  private summary: ChangeCounts | undefined;
  private lastOutputs: Readonly<Record<string, Value>> = {};

  /** `isVerified` says of a type whether what the engine calls an update would be one on a real cloud. */
  constructor(
    private readonly onProgress: (progress: Progress) => void,
    private readonly isVerified: (type: string) => boolean = () => true,
  ) {}

  readonly take = (event: EngineEvent): void => {
    if (event.resourcePreEvent) this.step(event.resourcePreEvent.metadata, false);
    if (event.resOutputsEvent) this.step(event.resOutputsEvent.metadata, true);
    if (event.diagnosticEvent) this.diagnose(event.diagnosticEvent);
    if (event.summaryEvent) this.summary = counts(event.summaryEvent.resourceChanges);
  };

  /** undefined where the engine never said its summary: then nothing is known, least of all "no changes". */
  get counts(): ChangeCounts | undefined {
    return this.summary;
  }

  get changes(): readonly Change[] {
    return [...this.byUrn.values()];
  }

  /** What a refresh before the operation found otherwise than the state says. */
  get drift(): readonly Change[] {
    return [...this.drifted.values()];
  }

  get diagnostics(): readonly Diagnostic[] {
    return [...this.messages.values()];
  }

  /** Outputs of the stack as the engine last said them, blinded. */
  get outputs(): Readonly<Record<string, Value>> {
    return this.lastOutputs;
  }

  private step(metadata: StepEventMetadata, done: boolean): void {
    if (done && metadata.type === 'pulumi:pulumi:Stack')
      this.lastOutputs = blind(metadata.new?.outputs ?? {}) as Record<string, Value>;
    if (metadata.op === 'refresh' && done) this.found(metadata);
    const kind = kindOf(metadata.op);
    if (kind === undefined) return;
    this.onProgress({ step: kind, urn: metadata.urn, done });
    if (kind === 'same' || metadata.type.startsWith('pulumi:pulumi:')) return;
    const known = this.byUrn.get(metadata.urn);
    if (known && (known.kind === 'replace' || kind === 'delete')) return;
    const isUnverified = kind === 'update' && !this.isVerified(metadata.type);
    this.byUrn.set(metadata.urn, {
      ...changeOf(kind, metadata),
      ...(isUnverified ? { inPlace: 'unverified' } : {}),
    });
  }

  private found(metadata: StepEventMetadata): void {
    const isGone = metadata.new === null || metadata.new === undefined;
    const change = changeOf(isGone ? 'delete' : 'update', metadata);
    if (isGone || change.properties.length > 0) this.drifted.set(metadata.urn, change);
  }

  private diagnose(event: NonNullable<EngineEvent['diagnosticEvent']>): void {
    // Debug diagnostics carry secrets in plain text; they are dropped here and never stored.
    if ((event.severity as string) === 'debug') return;
    const message = (event.message ?? '').trim();
    if (message === '') return;
    const severity = event.severity === 'error' ? 'error' : event.severity === 'warning' ? 'warning' : 'info';
    this.messages.set(`${severity} ${event.urn ?? ''} ${message}`, {
      severity,
      message,
      ...(event.urn ? { urn: event.urn } : {}),
    });
  }
}

function kindOf(op: OpType): ChangeKind | undefined {
  switch (op) {
    case 'create':
    case 'import':
      return 'create';
    case 'update':
      return 'update';
    case 'replace':
    case 'create-replacement':
    case 'delete-replaced':
    case 'discard-replaced':
    case 'import-replacement':
    case 'read-replacement':
      return 'replace';
    case 'delete':
    case 'discard':
      return 'delete';
    case 'same':
    case 'read':
    case 'refresh':
      return 'same';
    default:
      return undefined;
  }
}

function counts(summary: Readonly<Record<string, number>>): ChangeCounts {
  const sum = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };
  for (const [op, count] of Object.entries(summary)) {
    const kind = kindOf(op as OpType);
    if (kind !== undefined) sum[kind] += count;
  }
  return sum;
}

function changeOf(kind: ChangeKind, metadata: StepEventMetadata): Change {
  // What a refresh finds may be no input.
  const valuesOf = (state: StepEventMetadata['old']): unknown =>
    metadata.op === 'refresh' ? { ...state?.outputs, ...state?.inputs } : (state?.inputs ?? {});
  const [before, after] = [valuesOf(metadata.old), valuesOf(metadata.new)];
  const detailed = Object.keys(metadata.detailedDiff ?? {});
  const keys = detailed.length > 0 ? detailed : (metadata.diffs ?? []);
  const paths = kind === 'create' || kind === 'delete' ? [] : keys;
  const [, , , name = metadata.urn] = metadata.urn.split('::');
  return {
    kind,
    urn: metadata.urn,
    type: metadata.type,
    name,
    properties: [...paths].sort().map((path) => propertyChange(path, before, after)),
    replaceKeys: kind === 'replace' ? (metadata.keys ?? []) : [],
    ...(isComponent(metadata) ? { isComponent: true } : {}),
    protect: Boolean(metadata.old?.protect),
    retainOnDelete: Boolean((metadata.old as { retainOnDelete?: boolean } | undefined)?.retainOnDelete),
  };
}

/** Said by the engine, never read off the type: some providers name their types as components are named. */
const isComponent = ({ old: before, new: after }: StepEventMetadata): boolean =>
  [before, after].every((state) => !state || (!state.custom && state.id === '' && state.provider === '')) &&
  Boolean(before ?? after);

function propertyChange(path: string, before: unknown, after: unknown): PropertyChange {
  const [was, is] = [text(at(before, path)), text(at(after, path))];
  const isCut = Math.max(was?.length ?? 0, is?.length ?? 0) > LONGEST;
  return {
    path,
    ...(was === undefined ? {} : { before: short(was) }),
    ...(is === undefined ? {} : { after: short(is) }),
    ...(isCut ? { whole: createHash('sha256').update(`${was}\n${is}`).digest('hex').slice(0, 12) } : {}),
  };
}

/** The value at a Pulumi property path: `spec.containers[0].image`, `tags["a.b"]`. */
function at(value: unknown, path: string): unknown {
  const keys = [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, plain]) => quoted ?? index ?? plain ?? '',
  );
  return keys.reduce<unknown>(
    (inner, key) =>
      inner !== null && typeof inner === 'object' ? (inner as Record<string, unknown>)[key] : undefined,
    value,
  );
}

const MARKS = ['[unknown]', '[secret]'];

const text = (value: unknown): string | undefined =>
  value === undefined
    ? undefined
    : JSON.stringify(blind(value)).replaceAll(/"(\[(?:unknown|secret)\])"/g, '$1');

/** What is cut off is not shown, but that something in it is unknown or secret still is. */
function short(whole: string): string {
  if (whole.length <= LONGEST) return whole;
  const cut = `${whole.slice(0, LONGEST - 1)}…`;
  return cut + MARKS.filter((mark) => whole.includes(mark) && !cut.includes(mark)).join('');
}
