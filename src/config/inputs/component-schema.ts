import type { Content } from '../files';

/** The part of JSON Schema draft-7 that zod writes. */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };

/** What vendoring wrote beside a component's code. */
export type ComponentSchema =
  | {
      readonly ok: true;
      readonly file: string;
      readonly inputs: JsonSchema;
      readonly outputs: JsonSchema | undefined;
    }
  | { readonly ok: false; readonly file: string; readonly reason: string };

/** Undefined where there is no such file. */
export function readComponentSchema(content: Content, file: string): ComponentSchema | undefined {
  if (content.kind === 'missing') return undefined;
  if (content.kind === 'refused') return { ok: false, file, reason: content.reason };
  try {
    const written: unknown = JSON.parse(content.text);
    if (!isMap(written) || !isSchema(written['inputs']))
      return { ok: false, file, reason: 'holds no schema of inputs' };
    const outputs = written['outputs'];
    return { ok: true, file, inputs: written['inputs'], outputs: isSchema(outputs) ? outputs : undefined };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { ok: false, file, reason: 'is not JSON' };
  }
}

export const isMap = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isSchema = (value: unknown): value is JsonSchema => typeof value === 'boolean' || isMap(value);

/** A schema's own keyword; never what it inherits. */
export const keyword = (schema: JsonSchema, name: string): unknown =>
  typeof schema === 'object' && Object.hasOwn(schema, name) ? schema[name] : undefined;

/** The outputs a schema names; undefined where it leaves them open. */
export function outputNames(schema: JsonSchema | undefined): readonly string[] | undefined {
  const properties = schema === undefined ? undefined : keyword(schema, 'properties');
  return isMap(properties) ? Object.keys(properties) : undefined;
}
