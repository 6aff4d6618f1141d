/**
 * One file as an entry of a tar archive (mode 600, no times, no owner), byte for byte what the real engine hashes. A name
 * that is not plain ASCII, or too long for the two places a ustar header has for it, goes into a PAX record before it.
 */
export function* tarEntry(name: string, content: Buffer): Generator<Buffer> {
  const size = content.length;
  const split = splitName(name);
  if (split) yield header({ ...split, size, kind: 'file' });
  else {
    const record = Buffer.from(paxRecord('path', name));
    const slash = name.lastIndexOf('/') + 1;
    const place = `${name.slice(0, slash)}PaxHeaders.0/${name.slice(slash)}`;
    yield header({ name: ascii(place).slice(0, NAME), size: record.length, kind: 'extended' });
    yield* padded(record);
    yield header({ name: ascii(name).slice(0, NAME), size, kind: 'file' });
  }
  yield* padded(content);
}

const NAME = 100;
const PREFIX = 155;
const BLOCK = 512;

/** undefined where a header has no place for the name. */
function splitName(name: string): { name: string; prefix?: string } | undefined {
  if (ascii(name) !== name) return undefined;
  if (name.length <= NAME) return { name };
  const cut = name.lastIndexOf('/', PREFIX);
  const rest = name.slice(cut + 1);
  return cut > 0 && rest !== '' && rest.length <= NAME
    ? { name: rest, prefix: name.slice(0, cut) }
    : undefined;
}

function ascii(text: string): string {
  return [...text].filter((char) => char > '\0' && char < '\x80').join('');
}

/** Its length, which counts itself, then the key and the value. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest);
  while (Buffer.byteLength(`${length}${rest}`) !== length) length = Buffer.byteLength(`${length}${rest}`);
  return `${length}${rest}`;
}

function header(entry: {
  readonly name: string;
  readonly prefix?: string;
  readonly size: number;
  readonly kind: 'file' | 'extended';
}): Buffer {
  const isFile = entry.kind === 'file';
  const block = Buffer.alloc(BLOCK);
  for (const [offset, text] of [
    [0, entry.name],
    [100, isFile ? '0000600\0' : '0000000\0'],
    [108, '0000000\0'],
    [116, '0000000\0'],
    [124, `${entry.size.toString(8).padStart(11, '0')}\0`],
    [136, '00000000000\0'],
    [148, '        '],
    [156, isFile ? '0' : 'x'],
    [257, 'ustar\u000000'],
    [329, isFile ? '0000000\0' : ''],
    [337, isFile ? '0000000\0' : ''],
    [345, entry.prefix ?? ''],
  ] as const) {
    block.write(text, offset, 'latin1');
  }
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function* padded(content: Buffer): Generator<Buffer> {
  yield content;
  yield Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
}
