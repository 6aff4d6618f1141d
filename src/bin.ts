#!/usr/bin/env node
// Runs on whatever Node the user has: say what to do before anything that needs a newer one is loaded.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  process.stderr.write(
    `signalbox needs Node 22.13 or newer; this is Node ${process.versions.node} (${process.execPath}).\n` +
      'In a repository that pins Node (as the example does) run it through npm, for example: npm run status\n' +
      'Elsewhere: npm install --save-dev node@24, or install a newer Node.\n',
  );
  process.exit(2);
}
require('node:module').enableCompileCache?.();
const { main } = require('./cli/main') as typeof import('./cli/main');
void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
