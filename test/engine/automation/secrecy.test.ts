import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { newCrypter } from '../../../src/engine/embedded/state/secret';
import { AWS, context, failureIn, makeWorld, valueIn, type World } from './world';

const SECRET = 'correct-horse-battery-staple';

/** Hands the secret to the cloud, and says it in every way a careless program could. */
const CARELESS = `
    const aws = require('@pulumi/aws');
    const secret = new pulumi.Config().requireSecret('password');
    const kept = new aws.ssm.Parameter(name, { name: 'kept', type: 'SecureString', value: secret }, { parent: this });
    secret.apply((text) => {
      console.log('printed: ' + text);
      pulumi.log.warn('logged: ' + text, this);
      pulumi.log.debug('debugged: ' + text, this);
    });
    this.answer = pulumi.all([secret, kept.arn]).apply(([text, arn]) => text + ' of ' + arn);
`;
/** Speaks when its operation is over and nobody listens to its errors any more. */
const LATE = `
    new pulumi.Config().requireSecret('password').apply((text) => {
      process.prependListener('disconnect', () => {
        console.log('said late: ' + text);
        throw new Error('thrown late: ' + text);
      });
    });
`;
const THROWS = "    secret.apply((text) => { throw new Error('thrown: ' + text); });\n";

describe('a secret of the configuration', function () {
  this.timeout(120_000);
  let world: World;
  before(async () => {
    world = makeWorld();
    const crypter = await newCrypter('sandbox');
    const file = (sealed: string): string =>
      `encryptionsalt: ${crypter.salt}\nconfig:\n  isolated:password:\n    secure: ${sealed}\n`;
    for (const stack of ['keeps', 'tells', 'late'])
      world.write(`.pulumi-stacks/Pulumi.${stack}.yaml`, file(crypter.encrypt(SECRET)));
  });
  after(() => world.done());

  it('reaches the cloud, and nothing that is shown, logged or kept holds it in plain text', async () => {
    const engine = world.engine({ parallel: 1 });
    const operation = world.operation('keeps', CARELESS, { providers: AWS });
    const previewed = valueIn(await engine.preview(operation, context()));
    const updated = valueIn(await engine.up(operation, context()));
    expect(updated.outputs['answer']).to.equal('[secret]');
    expect(JSON.stringify([previewed, updated])).to.not.include(SECRET);
    expect(updated.diagnostics.map(({ message }) => message)).to.deep.equal(['logged: [secret]']);

    const thrown = world.operation('tells', CARELESS + THROWS, { providers: AWS });
    const failure = failureIn(await engine.up(thrown, context()));
    expect(failure.message).to.include('thrown: [secret]');
    expect(JSON.stringify(failure)).to.not.include(SECRET);
    const late = world.operation('late', LATE);
    valueIn(await engine.preview(late, context()));
    await engine.close();

    const log = readFileSync(join(world.root, '.signalbox', 'logs', 'children.log'), 'utf8');
    expect(log)
      .to.include('printed: [secret]')
      .and.include('said late: [secret]')
      .and.include('thrown late: [secret]');
    expect(filesWith(join(world.root, '.signalbox'), SECRET)).to.deep.equal([]);
    const state = readFileSync(
      join(world.root, '.signalbox/state/.pulumi/stacks/isolated/keeps.json'),
      'utf8',
    );
    expect(state).to.match(/"ciphertext":\s*"v1:/);
  });
});

function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(text));
}
