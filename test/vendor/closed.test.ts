import { expect } from 'chai';
import { closedProblems } from '../../src/vendor/closed';
import { filesOf, makeWorld, type World } from './world';

describe('a component is closed', () => {
  let world: World;
  before(() => {
    world = makeWorld({ git: false });
  });
  after(() => world.done());

  const problemsOf = async (line: string) => {
    const files = filesOf({
      'index.ts': `// é\n${line}\n`,
      'lib/port.ts': '',
      'data.json': '{}',
      'lib/index.ts': '',
    });
    const problems = await closedProblems(files, { label: 'components/web', root: world.root });
    return problems.map((problem) => `${problem.file}:${problem.line}:${problem.column} ${problem.message}`);
  };

  const refused: readonly (readonly [string, string])[] = [
    ["import '../dns';", '2:8 imports "../dns", which leaves the component\'s folder'],
    [
      "  import type { A } from './lib/../../dns';",
      '2:26 imports "./lib/../../dns", which leaves the component\'s folder',
    ],
    ["export * from '/etc/passwd';", '2:15 imports the absolute path "/etc/passwd"'],
    ["const a = require('file:///etc/passwd');", '2:19 imports the URL "file:///etc/passwd"'],
    ["const é = import('left-padded');", '2:18 imports the package "left-padded", which is not installed'],
    [
      "import a = require('@nobody/here/x');",
      '2:20 imports the package "@nobody/here", which is not installed',
    ],
    ['const a = require(name);', '2:19 imports something computed: what it is cannot be checked'],
    ["type A = import('../dns').A;", '2:17 imports "../dns", which leaves the component\'s folder'],
    ["import './gone';", '2:8 imports "./gone", which is not in the component\'s folder'],
    ["import '#inner';", '2:8 imports "#inner", an alias of somebody else\'s package.json'],
    ["const a = { b: [import('..')] };", '2:24 imports "..", which leaves the component\'s folder'],
  ];
  for (const [line, message] of refused)
    it(`refuses ${line.trim()}`, async () => {
      expect(await problemsOf(line)).to.deep.equal([`components/web/index.ts:${message}`]);
    });

  it('allows installed packages, Node itself and its own folder', async () => {
    const lines = [
      "import * as pulumi from '@pulumi/pulumi';",
      "import { z } from 'zod/v4';",
      "import { join } from 'node:path';",
      "import './lib/port'; import './lib/port.js'; import './lib/port.ts'; import './lib'; import './data.json';",
      "import type { Handler } from 'types-only';",
      "const text = 'import \"../x\"'; // require('../y')",
    ];
    expect(await problemsOf(lines.join('\n'))).to.deep.equal([]);
  });

  it('says what does not parse', async () => {
    expect((await problemsOf('const = 1')).join()).to.include('does not parse');
  });
});
