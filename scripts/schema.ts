/**
 * Writes src/engine/sandbox/schema.generated.json from the declarations of @pulumi/aws and @pulumi/kubernetes: every
 * resource type with its inputs and outputs. `--check` writes nothing and exits 1 where the file is stale.
 * The form is described in src/engine/sandbox/schema.ts, which reads it.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { FLAG, type SchemaFile } from '../src/engine/sandbox/schema';

const ROOT = path.join(__dirname, '..');
const TARGET = path.join(ROOT, 'src/engine/sandbox/schema.generated.json');
const TOKEN = /static __pulumiType = '([^']+)'/;

interface Property {
  flags: number;
  kind: string;
}

function declarations(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.d.ts') && !file.startsWith('types/') && !file.includes('node_modules'))
    .sort();
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

/** One letter: string, number, boolean, list (`l`, `t` of texts), map (`m`), object, `x` for anything else. */
function kindOf(parts: readonly ts.TypeNode[]): string {
  const kinds = new Set(parts.map(kindOfOne));
  const [only] = kinds;
  if (kinds.size === 1 && only) return only;
  // A resource stands for its id, an enum for its text: `string | Role`, `string | enums.s3.CannedAcl`.
  const isText = [...kinds].every((kind) => kind === 's' || kind === 'r');
  return isText ? 's' : 'x';
}

function kindOfOne(node: ts.TypeNode): string {
  if (node.kind === ts.SyntaxKind.StringKeyword) return 's';
  if (node.kind === ts.SyntaxKind.NumberKeyword) return 'n';
  if (node.kind === ts.SyntaxKind.BooleanKeyword) return 'b';
  if (ts.isLiteralTypeNode(node)) return ts.isStringLiteral(node.literal) ? 's' : 'x';
  if (ts.isArrayTypeNode(node)) return kindOf(strip(node.elementType).parts) === 's' ? 't' : 'l';
  if (ts.isTypeLiteralNode(node)) return 'm';
  if (!ts.isTypeReferenceNode(node)) return 'x';
  const name = node.typeName.getText();
  if (/^(inputs|outputs|types)\./.test(name)) return 'o';
  if (name.startsWith('enums.')) return 'r';
  if (name === 'ARN' || name.endsWith('.ARN') || name === 'pulumi.ID') return 's';
  return /^[A-Z]\w*$/.test(name) || /^[a-z]\w*\.[A-Z]\w*$/.test(name)
    ? name.startsWith('pulumi.')
      ? 'x'
      : 'r'
    : 'x';
}

/** The properties of one resource class and of its Args interface; undefined for a file that declares none. */
function propertiesOf(file: string): Map<string, Property> | undefined {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const classes = source.statements.filter(ts.isClassDeclaration);
  const resource = classes.find((each) => /\bpulumi\.(Custom|Provider)Resource\b/.test(heritage(each)));
  if (!resource?.name) return undefined;
  const properties = new Map<string, Property>();
  const note = (name: string, flags: number, kind: string): void => {
    const known = properties.get(name);
    properties.set(name, { flags: (known?.flags ?? 0) | flags, kind: known?.kind ?? kind });
  };
  const args = source.statements
    .filter(ts.isInterfaceDeclaration)
    .find((each) => each.name.text === `${resource.name?.text}Args`);
  for (const member of args?.members ?? []) {
    if (!ts.isPropertySignature(member) || !member.type) continue;
    const { parts } = strip(member.type);
    note(nameOf(member.name), FLAG.input | (member.questionToken ? 0 : FLAG.required), kindOf(parts));
  }
  for (const member of resource.members) {
    if (!ts.isPropertyDeclaration(member) || !member.type) continue;
    if (!member.type.getText().startsWith('pulumi.Output<')) continue;
    const { parts, optional } = strip(member.type);
    note(nameOf(member.name), FLAG.output | (optional ? 0 : FLAG.always), kindOf(parts));
  }
  return properties;
}

function heritage(node: ts.ClassDeclaration): string {
  return node.heritageClauses?.map((clause) => clause.getText()).join(' ') ?? '';
}

function nameOf(name: ts.PropertyName): string {
  return ts.isStringLiteral(name) || ts.isIdentifier(name) ? name.text : name.getText();
}

function generate(): string {
  const names = new Map<string, number>();
  const schema: SchemaFile = { versions: {}, names: [], types: {} };
  for (const name of ['aws', 'kubernetes']) {
    const folder = path.join(ROOT, 'node_modules/@pulumi', name);
    const manifest: { version: string } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    schema.versions[name] = manifest.version;
    for (const file of declarations(folder)) {
      const declared = path.join(folder, file);
      const token = TOKEN.exec(readFileSync(declared.replace(/\.d\.ts$/, '.js'), 'utf8'))?.[1];
      const properties = token && propertiesOf(declared);
      if (!properties) continue;
      const type = token.includes(':') ? token : `pulumi:providers:${token}`;
      schema.types[type] = [...properties]
        .map(([property, { flags, kind }]) => {
          const index = names.get(property) ?? names.size;
          names.set(property, index);
          return `${flags.toString(16)}${kind === 'r' ? 's' : kind}${index.toString(36)}`;
        })
        .join(' ');
    }
  }
  schema.names.push(...names.keys());
  return `${JSON.stringify(schema)}\n`;
}

const generated = generate();
if (process.argv.includes('--check')) {
  if (readFileSync(TARGET, 'utf8') !== generated) {
    process.stderr.write('schema.generated.json is stale: run scripts/schema.ts\n');
    process.exitCode = 1;
  }
} else {
  writeFileSync(TARGET, generated);
}
