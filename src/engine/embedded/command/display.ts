import type { EngineEvent } from '@pulumi/pulumi/automation';

type Kind = 'update' | 'preview' | 'refresh' | 'destroy';

const TITLES: Readonly<Record<Kind, readonly [dry: string, real: string]>> = {
  update: ['Previewing update', 'Updating'],
  preview: ['Previewing update', 'Updating'],
  refresh: ['Previewing refresh', 'Refreshing'],
  destroy: ['Previewing destroy', 'Destroying'],
};

interface Words {
  readonly mark: string;
  readonly dry: string;
  readonly doing: string;
  readonly done: string;
}

const WORDS: Readonly<Record<string, Words>> = {
  create: { mark: '+ ', dry: 'create', doing: 'creating', done: 'created' },
  update: { mark: '~ ', dry: 'update', doing: 'updating', done: 'updated' },
  delete: { mark: '- ', dry: 'delete', doing: 'deleting', done: 'deleted' },
  replace: { mark: '+-', dry: 'replace', doing: 'replacing', done: 'replaced' },
  'create-replacement': {
    mark: '++',
    dry: 'create replacement',
    doing: 'creating replacement',
    done: 'created replacement',
  },
  'delete-replaced': {
    mark: '--',
    dry: 'delete original',
    doing: 'deleting original',
    done: 'deleted original',
  },
  read: { mark: '> ', dry: 'read', doing: 'reading', done: 'read' },
  refresh: { mark: '~ ', dry: 'refresh', doing: 'refreshing', done: 'refreshed' },
  discard: { mark: '< ', dry: 'discard', doing: 'discarding', done: 'discarded' },
  import: { mark: '= ', dry: 'import', doing: 'importing', done: 'imported' },
  same: { mark: '  ', dry: 'unchanged', doing: 'unchanged', done: 'unchanged' },
};

/** Debug messages carry secrets in plain text: they are shown to nobody. */
const SHOWN: ReadonlySet<string> = new Set(['info', 'info#err', 'warning', 'error']);

/** Tells an operation's events to a person, in the words of the real CLI's plain output; secrets never get here but as `[secret]`. */
export class Display {
  private readonly diagnostics = new Map<string, string[]>();
  private failures = 0;
  private changes: Readonly<Record<string, number | undefined>> | undefined;

  constructor(
    private readonly print: (text: string) => void,
    private readonly operation: {
      readonly kind: Kind;
      readonly project: string;
      readonly stack: string;
      readonly isDry: boolean;
    },
    private readonly startedAt: number,
  ) {}

  begin(): void {
    const { kind, isDry, stack } = this.operation;
    this.print(`${TITLES[kind][isDry ? 0 : 1]} (${stack}):\n`);
  }

  show(event: EngineEvent): void {
    const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent, summaryEvent } = event;
    if (resourcePreEvent !== undefined)
      this.showStep(resourcePreEvent.metadata, this.operation.isDry ? 'dry' : 'doing');
    if (resOutputsEvent !== undefined && !this.operation.isDry)
      this.showStep(resOutputsEvent.metadata, 'done');
    if (resOpFailedEvent !== undefined) {
      this.failures += 1;
      this.showStep(resOpFailedEvent.metadata, 'doing', ' failed');
    }
    if (diagnosticEvent !== undefined && SHOWN.has(diagnosticEvent.severity)) {
      const about = diagnosticEvent.urn ?? '';
      const text = `${diagnosticEvent.prefix ?? ''}${diagnosticEvent.message}`.trimEnd();
      this.diagnostics.set(about, [...(this.diagnostics.get(about) ?? []), text]);
    }
    if (summaryEvent !== undefined) this.changes = summaryEvent.resourceChanges ?? {};
  }

  /** Diagnostics and, where the engine summed up, what changed. */
  end(): void {
    if (this.diagnostics.size > 0) this.print('Diagnostics:');
    for (const [urn, texts] of this.diagnostics) {
      this.print(
        `  ${urn === '' ? `pulumi:pulumi:Stack (${this.operation.project}-${this.operation.stack})` : subject(urn, true)}:`,
      );
      for (const text of texts) this.print(`    ${text.replaceAll('\n', '\n    ')}`);
      this.print('');
    }
    if (this.changes !== undefined) this.showChanges(this.changes);
  }

  private showStep(
    step: { readonly op: string; readonly urn: string },
    tense: 'dry' | 'doing' | 'done',
    more = '',
  ): void {
    const words = WORDS[step.op];
    if (words === undefined || step.op === 'same') return;
    this.print(` ${words.mark} ${subject(step.urn)} ${words[tense]}${more}`);
  }

  private showChanges(changes: Readonly<Record<string, number | undefined>>): void {
    this.print('Resources:');
    for (const [op, count] of Object.entries(changes)) {
      const words = WORDS[op];
      if (op === 'same' || words === undefined) continue;
      this.print(`    ${words.mark}${count} ${this.operation.isDry ? `to ${words.dry}` : words.done}`);
    }
    if (changes['same'] !== undefined) this.print(`    ${changes['same']} unchanged`);
    if (this.failures > 0) this.print(`    ${this.failures} errored`);
    if (!this.operation.isDry)
      this.print(`\nDuration: ${Math.max(1, Math.round((Date.now() - this.startedAt) / 1000))}s`);
  }
}

/** Type and name of a URN, as `type name` or `type (name)`. */
function subject(urn: string, isInBrackets = false): string {
  const parts = urn.split('::');
  const type = parts[2]?.split('$').at(-1) ?? '';
  const name = parts.slice(3).join('::');
  return isInBrackets ? `${type} (${name})` : `${type} ${name}`;
}
