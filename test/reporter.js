// mocha's own spec reporter, with the counts once more on one plain line at the end.
const { Spec } = require('mocha/lib/reporters/index.cjs');

module.exports = class Counted extends Spec {
  epilogue() {
    super.epilogue();
    const { passes = 0, failures = 0, pending = 0 } = this.stats;
    process.stdout.write(`${passes} passed, ${failures} failed, ${pending} skipped\n`);
  }
};
