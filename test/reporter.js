// mocha's own spec reporter; at the end the files that something failed in, and the counts once more on one plain line.
const { relative } = require('node:path');
const { Spec } = require('mocha/lib/reporters/index.cjs');

module.exports = class Counted extends Spec {
  epilogue() {
    super.epilogue();
    const files = new Set(this.failures.map(({ file }) => relative('', file ?? '')));
    for (const file of files) process.stdout.write(`failed in ${file}\n`);
    const { passes = 0, failures = 0, pending = 0 } = this.stats;
    process.stdout.write(`${passes} passed, ${failures} failed, ${pending} skipped\n`);
  }
};
