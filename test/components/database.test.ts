import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import Database, { inputs, outputs } from '../../components/database';
import { resolved, resource, run } from './mocks';

const args = { subnets: ['subnet-1', 'subnet-2'], group: 'sg-1', password: 'correct horse' };
const INSTANCE = resource('aws:rds/instance:Instance', 'database');

describe('the database component', () => {
  it('encrypts the instance, and keeps what is in it', async () => {
    const { recording } = await run(() => new Database('database', args));
    expect(recording.inputs.get(INSTANCE)).to.include({
      storageEncrypted: true,
      deletionProtection: true,
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: 'database-final',
      dbSubnetGroupName: 'database',
      parameterGroupName: 'database',
    });
    expect(recording.urns.slice(0, -1)).to.have.length(3);
    for (const urn of recording.urns.slice(0, -1))
      expect(urn).to.contain('::shop:database:Database$aws:rds/');
  });

  it('can be thrown away where a stack says so', async () => {
    const { recording } = await run(() => new Database('database', { ...args, deletionProtection: false }));
    expect(recording.inputs.get(INSTANCE)).to.include({ deletionProtection: false, skipFinalSnapshot: true });
    expect(recording.inputs.get(INSTANCE)).not.to.have.property('finalSnapshotIdentifier');
  });

  it('hands the password on as a secret, plain or not', async () => {
    for (const password of [args.password, pulumi.output(args.password)]) {
      const { recording } = await run(() => new Database('database', { ...args, password }));
      const sent = recording.inputs.get(INSTANCE)?.['password'];
      expect(sent).to.have.property('4dabf18193072939515e22adb298388d', '1b47061264138c4ac30d75fd1eb44270');
    }
  });

  it('takes subnets that do not exist yet, and gives the outputs that its schema declares', async () => {
    const { made, recording } = await run(
      () => new Database('database', { ...args, subnets: pulumi.output(args.subnets) }),
    );
    const given = {
      endpoint: await resolved(made.endpoint),
      port: await resolved(made.port),
      name: await resolved(made.name),
    };
    expect(outputs.parse(given)).to.deep.equal(given);
    expect(recording.inputs.get(resource('aws:rds/subnetGroup:SubnetGroup', 'database'))).to.deep.include({
      subnetIds: args.subnets,
    });
  });

  it('refuses a single subnet, a short password and an instance class that is none', () => {
    expect(inputs.safeParse({ ...args, subnets: ['subnet-1'] }).success).to.equal(false);
    expect(inputs.safeParse({ ...args, password: 'short' }).success).to.equal(false);
    expect(inputs.safeParse({ ...args, instanceClass: 'large' }).success).to.equal(false);
    expect(inputs.parse(args)).to.include({ storage: 20, backupDays: 7 });
  });
});
