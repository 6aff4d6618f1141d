/** Reads what the declarations of a provider's SDK say of its resource types and of the objects within them. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { FLAG } from '../src/engine/sandbox/schema';

export interface Property {
  readonly flags: number;
  /** The letter of its kind: see src/engine/sandbox/schema.ts. */
  readonly kind: string;
  /** The object type of the value, of its elements or of its members, as `ec2.LaunchTemplateMonitoring`. */
  readonly of?: string;
}

/** Property by name. */
export type Properties = ReadonlyMap<string, Property>;

export interface Declarations {
  /** Resource types by token. */
  readonly resources: ReadonlyMap<string, Properties>;
  /** Object types of inputs by qualified name. */
  readonly objects: ReadonlyMap<string, Properties>;
}

const TOKEN = /static __pulumiType = '([^']+)'/;

export function declarationsOf(folder: string): Declarations {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.d.ts') && !file.startsWith('types/') && !file.includes('node_modules'))
    .sort();
  const resources = new Map<string, Properties>();
  for (const file of files) {
    const declared = path.join(folder, file);
    const token = TOKEN.exec(readFileSync(declared.replace(/\.d\.ts$/, '.js'), 'utf8'))?.[1];
    const properties = token && resourceOf(parse(declared));
    if (properties) resources.set(token.includes(':') ? token : `pulumi:providers:${token}`, properties);
  }
  const objects = new Map<string, Properties>();
  gather(parse(path.join(folder, 'types', 'input.d.ts')).statements, '', objects);
  return { resources, objects };
}

const parse = (file: string): ts.SourceFile =>
  ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);

/** The properties of one resource class and of its Args interface; undefined for a file that declares none. */
function resourceOf(source: ts.SourceFile): Properties | undefined {
  const classes = source.statements.filter(ts.isClassDeclaration);
  const resource = classes.find((each) => /\bpulumi\.(Custom|Provider)Resource\b/.test(heritage(each)));
  if (!resource?.name) return undefined;
  const args = source.statements
    .filter(ts.isInterfaceDeclaration)
    .find((each) => each.name.text === `${resource.name?.text}Args`);
  const properties = new Map(inputsOf(args?.members ?? []));
  for (const member of resource.members) {
    if (!ts.isPropertyDeclaration(member) || !member.type) continue;
    if (!member.type.getText().startsWith('pulumi.Output<')) continue;
    const { parts, optional } = strip(member.type);
    const name = nameOf(member.name);
    const known = properties.get(name) ?? { flags: 0, ...valueIn(parts) };
    properties.set(name, { ...known, flags: known.flags | FLAG.output | (optional ? 0 : FLAG.always) });
  }
  return properties;
}

/** Interfaces of nested namespaces. */
function gather(statements: Iterable<ts.Statement>, space: string, into: Map<string, Properties>): void {
  for (const statement of statements) {
    if (ts.isInterfaceDeclaration(statement)) {
      into.set(space + statement.name.text, inputsOf(statement.members));
    } else if (ts.isModuleDeclaration(statement) && statement.body && ts.isModuleBlock(statement.body)) {
      gather(statement.body.statements, `${space}${statement.name.text}.`, into);
    }
  }
}

function inputsOf(members: Iterable<ts.TypeElement>): Properties {
  const properties = new Map<string, Property>();
  for (const member of members) {
    if (!ts.isPropertySignature(member) || !member.type) continue;
    const { parts } = strip(member.type);
    const flags = FLAG.input | (member.questionToken ? 0 : FLAG.required);
    properties.set(nameOf(member.name), { flags, ...valueIn(parts) });
  }
  return properties;
}

/** `pulumi.Input<T | undefined>` → T and whether undefined is in it. */
function strip(node: ts.TypeNode): { parts: ts.TypeNode[]; optional: boolean } {
  if (ts.isParenthesizedTypeNode(node)) return strip(node.type);
  if (ts.isTypeReferenceNode(node)) {
    const name = node.typeName.getText();
    const inner = node.typeArguments?.[0];
    if (inner && /^pulumi\.(Input|Output)$/.test(name)) return strip(inner);
  }
  if (ts.isUnionTypeNode(node)) {
    const stripped = node.types.map(strip);
    return {
      parts: stripped.flatMap((each) => each.parts),
      optional: stripped.some((each) => each.optional),
    };
  }
  return node.kind === ts.SyntaxKind.UndefinedKeyword
    ? { parts: [], optional: true }
    : { parts: [node], optional: false };
}

type Value = Pick<Property, 'kind' | 'of'>;

function valueIn(parts: readonly ts.TypeNode[]): Value {
  const [first, ...others] = parts.map(valueInOne);
  if (first && others.every(({ kind, of }) => kind === first.kind && of === first.of)) {
    // A resource stands for its id, an enum for its text.
    return first.kind === 'r' ? { kind: 's' } : first;
  }
  const kinds = parts.map((part) => valueInOne(part).kind);
  return { kind: kinds.every((kind) => kind === 's' || kind === 'r') ? 's' : 'x' };
}

function valueInOne(node: ts.TypeNode): Value {
  if (node.kind === ts.SyntaxKind.StringKeyword) return { kind: 's' };
  if (node.kind === ts.SyntaxKind.NumberKeyword) return { kind: 'n' };
  if (node.kind === ts.SyntaxKind.BooleanKeyword) return { kind: 'b' };
  if (ts.isLiteralTypeNode(node)) return { kind: ts.isStringLiteral(node.literal) ? 's' : 'x' };
  if (ts.isArrayTypeNode(node)) {
    const { kind, of } = valueIn(strip(node.elementType).parts);
    return { kind: kind === 's' ? 't' : 'l', ...(kind === 'o' && of !== undefined ? { of } : {}) };
  }
  if (ts.isTypeLiteralNode(node)) {
    const member = node.members.find(ts.isIndexSignatureDeclaration);
    const { kind, of } = member ? valueIn(strip(member.type).parts) : { kind: 'x' };
    return { kind: 'm', ...(kind === 'o' && of !== undefined ? { of } : {}) };
  }
  if (!ts.isTypeReferenceNode(node)) return { kind: 'x' };
  const name = node.typeName.getText();
  const [, space, object] = /^(inputs|outputs|types)\.(.+)$/.exec(name) ?? [];
  if (object !== undefined) return { kind: 'o', ...(space === 'inputs' ? { of: object } : {}) };
  if (name === 'ARN' || name.endsWith('.ARN') || name === 'pulumi.ID') return { kind: 's' };
  const isResource = /^[A-Z]\w*$/.test(name) || /^[a-z]\w*\.[A-Z]\w*$/.test(name);
  if (name.startsWith('enums.')) return { kind: 'r' };
  return { kind: isResource && !name.startsWith('pulumi.') ? 'r' : 'x' };
}

function heritage(node: ts.ClassDeclaration): string {
  return node.heritageClauses?.map((clause) => clause.getText()).join(' ') ?? '';
}

function nameOf(name: ts.PropertyName): string {
  return ts.isStringLiteral(name) || ts.isIdentifier(name) ? name.text : name.getText();
}
