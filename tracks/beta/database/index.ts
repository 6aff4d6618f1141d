import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';

/** What a stack file writes. */
export const inputs = z.strictObject({
  subnets: z.array(z.string()).min(2).describe('Ids of private subnets in at least two zones.'),
  group: z.string().describe('Id of the security group the instance is in.'),
  password: z.string().min(8).describe('Master password; a secret.'),
  instanceClass: z
    .string()
    .regex(/^db\.[a-z0-9]+\.[a-z0-9]+$/)
    .default('db.t4g.micro')
    .describe('Size of the instance, for example db.t4g.micro.'),
  storage: z.number().int().min(20).max(16384).default(20).describe('Disk, in GiB.'),
  backupDays: z.number().int().min(0).max(35).default(7).describe('How many days backups are kept.'),
  deletionProtection: z
    .boolean()
    .default(true)
    .describe('Refuses deletion, and takes a final snapshot where it was allowed after all.'),
});

/** What others may use. */
export const outputs = z.object({
  endpoint: z.string().describe('Host name of the instance, without a port.'),
  port: z.number().int(),
  name: z.string().describe('Name of the database in the instance.'),
});

type Plain = z.input<typeof inputs>;

/** Inputs as a program gives them: what comes from other components may still be an output. */
export interface DatabaseArgs extends Omit<Plain, 'subnets' | 'group' | 'password'> {
  readonly subnets: pulumi.Input<pulumi.Input<string>[]>;
  readonly group: pulumi.Input<string>;
  readonly password: pulumi.Input<string>;
}

const parameters = [{ name: 'log_connections', value: '1' }];

/** The shop's PostgreSQL instance: encrypted, in private subnets, reached with IAM tokens by the web layer. */
export default class Database extends pulumi.ComponentResource {
  readonly endpoint: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super('shop:database:Database', name, {}, opts);
    const { subnets, group, password, ...plain } = args;
    const settings = inputs.omit({ subnets: true, group: true, password: true }).parse(plain);
    const parent = { parent: this };

    const subnetGroup = new aws.rds.SubnetGroup(
      name,
      { subnetIds: subnets, description: 'Private subnets of the shop', tags: { Name: name } },
      parent,
    );
    const parameterGroup = new aws.rds.ParameterGroup(
      name,
      { family: 'postgres17', description: 'Parameters of the shop', parameters, tags: { Name: name } },
      parent,
    );
    const instance = new aws.rds.Instance(
      name,
      {
        engine: 'postgres',
        engineVersion: '17.6',
        instanceClass: settings.instanceClass,
        allocatedStorage: settings.storage,
        storageType: 'gp3',
        storageEncrypted: true,
        dbName: 'shop',
        username: 'shop',
        password: pulumi.secret(password),
        iamDatabaseAuthenticationEnabled: true,
        dbSubnetGroupName: subnetGroup.name,
        parameterGroupName: parameterGroup.name,
        vpcSecurityGroupIds: [group],
        backupRetentionPeriod: settings.backupDays,
        deletionProtection: settings.deletionProtection,
        skipFinalSnapshot: !settings.deletionProtection,
        ...(settings.deletionProtection ? { finalSnapshotIdentifier: `${name}-final` } : {}),
        tags: { Name: name },
      },
      parent,
    );

    this.endpoint = instance.address;
    this.port = instance.port;
    this.name = instance.dbName;
    this.registerOutputs({ endpoint: this.endpoint, port: this.port, name: this.name });
  }
}
