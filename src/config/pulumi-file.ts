import { isScalar, LineCounter, parseDocument } from 'yaml';
import type { Files } from './files';
import { isBomb } from './parse';
import type { Text } from './tree';

/** What Pulumi's own project file says that `signalbox.yaml` says, too. */
export interface PulumiFile {
  readonly name?: Text;
  /** Where its state lies; that of a real cloud only. */
  readonly backend?: Text;
}

const FILE = 'Pulumi.yaml';

/** Reads it as Pulumi does, anchors and all, and leaves it to Pulumi to say what is wrong with the rest of it. */
export function readPulumiFile(files: Files): PulumiFile {
  const content = files.read(FILE);
  if (content.kind !== 'text' || isBomb(content.text)) return {};
  const lines = new LineCounter();
  const document = parseDocument(content.text, { lineCounter: lines, uniqueKeys: false, logLevel: 'silent' });
  const textIn = (...path: readonly string[]): Text | undefined => {
    const node = document.getIn(path, true);
    if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return undefined;
    const { line, col: column } = lines.linePos(node.range[0]);
    const source = node.source ?? node.value;
    return {
      kind: 'leaf',
      value: node.value,
      source,
      place: { file: FILE, line, column, length: source.length },
    };
  };
  const [name, backend] = [textIn('name'), textIn('backend', 'url')];
  return { ...(name ? { name } : {}), ...(backend ? { backend } : {}) };
}
