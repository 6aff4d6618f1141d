import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Environment, Project } from '../../../src/core/project';
import { lend, variablesOf } from '../../../src/engine/automation/variables';

const ROLE = 'arn:aws:iam::222222222222:role/deploy';

describe('the variables of an environment block', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'signalbox-variables-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const variables = (
    block: Partial<Environment>,
    { own = {}, cloud = 'real' }: { own?: NodeJS.ProcessEnv; cloud?: 'real' | 'sandbox' } = {},
  ) => {
    const environments = { here: { variables: [], ...block } };
    const project = { engine: { kind: 'pulumi', cloud }, environments } as unknown as Project;
    return variablesOf(root, project, { HOME: root, ...own })('here');
  };

  it('are those it names, its profile and its region, and nothing else', () => {
    const own = { TOKEN: 't', OTHER: 'o' };
    expect(
      variables({ profile: 'p', region: 'eu-west-1', variables: ['TOKEN', 'UNSET'] }, { own }),
    ).to.deep.equal({
      TOKEN: 't',
      AWS_PROFILE: 'p',
      AWS_REGION: 'eu-west-1',
    });
    expect(variablesOf(root, { environments: {} } as Project)(undefined)).to.deep.equal({});
  });

  it('lead to a role by a profile of its own beside the user’s, which nobody else may read', () => {
    mkdirSync(join(root, '.aws'));
    writeFileSync(join(root, '.aws', 'config'), '[profile p]\nsso_session = corp\n');
    const given = variables({ profile: 'p', region: 'eu-west-1', account: '222222222222', role: 'deploy' });
    const file = join(root, '.signalbox', 'aws', 'here.config');
    expect(given).to.deep.equal({
      AWS_PROFILE: 'signalbox-here',
      AWS_REGION: 'eu-west-1',
      AWS_ROLE_ARN: ROLE,
      AWS_ROLE_SESSION_NAME: 'signalbox',
      AWS_CONFIG_FILE: file,
    });
    expect(readFileSync(file, 'utf8').split('\n')).to.deep.equal([
      '[profile p]',
      'sso_session = corp',
      '',
      '[profile signalbox-here]',
      `role_arn = ${ROLE}`,
      'role_session_name = signalbox',
      'source_profile = p',
      'region = eu-west-1',
      '',
    ]);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
  });

  it('build on the AWS configuration that the block itself names', () => {
    const own = { AWS_CONFIG_FILE: join(root, 'other') };
    writeFileSync(own.AWS_CONFIG_FILE, '[profile q]\n');
    const given = variables({ profile: 'q', role: ROLE, variables: ['AWS_CONFIG_FILE'] }, { own });
    expect(readFileSync(given['AWS_CONFIG_FILE'] ?? '', 'utf8')).to.match(
      /^\[profile q\]\n(.*\n)*source_profile = q/,
    );
    variables({ profile: 'q', role: ROLE }, { own });
    expect(readFileSync(given['AWS_CONFIG_FILE'] ?? '', 'utf8'), 'not named').to.not.include('[profile q]');
  });

  it('let a web identity assume the role without any file', () => {
    const own = { AWS_WEB_IDENTITY_TOKEN_FILE: '/run/token' };
    expect(variables({ role: ROLE, variables: ['AWS_WEB_IDENTITY_TOKEN_FILE'] }, { own })).to.deep.equal({
      ...own,
      AWS_ROLE_ARN: ROLE,
      AWS_ROLE_SESSION_NAME: 'signalbox',
    });
  });

  it('read nothing of the user’s for the sandbox', () => {
    expect(variables({ profile: 'p', role: ROLE }, { cloud: 'sandbox' }))
      .to.include({ AWS_PROFILE: 'p' })
      .and.not.have.property('AWS_CONFIG_FILE');
  });

  it('are lent to a process, and taken back whatever a program did to them', () => {
    const [real, before] = [process.env, { ...process.env }];
    const takeBack = lend({ AWS_PROFILE: 'p', PATH: '/lent' });
    expect(process.env).to.include({ AWS_PROFILE: 'p', PATH: '/lent' });
    process.env['LEFT'] = 'behind';
    delete process.env['HOME'];
    process.env = { AWS_PROFILE: 'another' };
    takeBack();
    expect(process.env, 'the real one, which also code below JavaScript sees').to.equal(real);
    expect({ ...process.env }).to.deep.equal(before);
  });
});
