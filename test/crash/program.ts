import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { transformSync } from '@swc/core';

const REPOSITORY = resolve(__dirname, '..', '..');

/**
 * The real program, compiled into `<folder>/dist`: it is started a hundred times here, and compiling at each start would be
 * most of the time. Returns the file to run.
 */
export function buildProgram(folder: string): string {
  const from = join(REPOSITORY, 'src');
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const source = join(entry.parentPath, entry.name);
    const target = join(folder, 'dist', source.slice(from.length));
    mkdirSync(dirname(target), { recursive: true });
    if (!source.endsWith('.ts')) writeFileSync(target, readFileSync(source));
    else writeFileSync(target.replace(/\.ts$/, '.js'), compiled(source));
  }
  writeFileSync(join(folder, 'package.json'), readFileSync(join(REPOSITORY, 'package.json')));
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
  return join(folder, 'dist', 'bin.js');
}

function compiled(source: string): string {
  return transformSync(readFileSync(source, 'utf8'), {
    filename: source,
    swcrc: false,
    configFile: false,
    jsc: { target: 'es2023', parser: { syntax: 'typescript' }, keepClassNames: true },
    module: { type: 'commonjs', ignoreDynamic: true },
  }).code;
}
