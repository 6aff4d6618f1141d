// The `main` of Pulumi.yaml: what plain `pulumi preview -s <stack>` runs. Its sources are transpiled as those of npm scripts are.
const { join } = require('node:path');
require('ts-node').register({ project: join(__dirname, '..', 'tsconfig.json') });

module.exports = require('../src/program').program;
