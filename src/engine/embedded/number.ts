import { SIGNATURE, type Wire, type WireObject } from './provider';

/** Source: the checkpoint format of Pulumi. */
const FLOAT = '8ad145fe-0d11-4827-bfd7-1abcbf086f5c';
/** As it comes over the wire. */
const NAN = '7fffffffffffffff';

/** A number as JSON can hold it: NaN and the infinities by their bits. */
export function writeNumber(value: number): Wire {
  if (Number.isFinite(value)) return value;
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const text = Number.isNaN(value) ? NAN : bits.getBigUint64(0).toString(16);
  return { [SIGNATURE]: FLOAT, value: text };
}

/** The number that `writeNumber` wrote; undefined where it is none. */
export function readNumber({ [SIGNATURE]: signature, value }: WireObject): number | undefined {
  if (signature !== FLOAT || typeof value !== 'string' || !/^[0-9a-f]{16}$/.test(value)) return undefined;
  const bits = new DataView(new ArrayBuffer(8));
  bits.setBigUint64(0, BigInt(`0x${value}`));
  return bits.getFloat64(0);
}

/** As the real engine's messages have it: with an exponent from a million on, and below a ten-thousandth. */
export function describeNumber(value: number): string {
  if (Object.is(value, -0)) return '-0';
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value < 0 ? '-Inf' : '+Inf';
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
