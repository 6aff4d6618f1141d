import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';

/** What a stack file writes. All plain values: the number of subnets must be known before anything exists. */
export const inputs = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z]{2}-[a-z]+-\d$/)
    .describe('AWS region of the subnets, for example eu-west-1; the same as the provider’s.'),
  cidr: z
    .string()
    .regex(/^\d{1,3}\.\d{1,3}\.0\.0\/16$/)
    .describe('Address range of the VPC, a /16; each subnet is a /24 of it.'),
  zones: z
    .number()
    .int()
    .min(2)
    .max(4)
    .default(2)
    .describe('Number of availability zones; each has one public and one private subnet.'),
});

/** What others may use. Ids are those of AWS. */
export const outputs = z.object({
  vpcId: z.string(),
  publicSubnets: z.array(z.string()).describe('One subnet id per zone, in the order of the zones.'),
  privateSubnets: z.array(z.string()).describe('One subnet id per zone, in the order of the zones.'),
  webGroup: z.string().describe('Security group of what answers the internet.'),
  dataGroup: z.string().describe('Security group of databases; only `webGroup` reaches it.'),
});

const LETTERS = ['a', 'b', 'c', 'd'] as const;
const POSTGRES = 5432;
/** How the cluster's load balancer controller finds the subnets it may use. */
const LOAD_BALANCER_TAG = {
  public: 'kubernetes.io/role/elb',
  private: 'kubernetes.io/role/internal-elb',
} as const;

/** A VPC with a public and a private subnet in each zone, and the security groups of the shop's two layers. */
export default class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  readonly publicSubnets: pulumi.Output<string[]>;
  readonly privateSubnets: pulumi.Output<string[]>;
  readonly webGroup: pulumi.Output<string>;
  readonly dataGroup: pulumi.Output<string>;

  constructor(name: string, args: z.input<typeof inputs>, opts?: pulumi.ComponentResourceOptions) {
    super('shop:network:Network', name, {}, opts);
    const { region, cidr, zones } = inputs.parse(args);
    const parent = { parent: this };
    const letters = LETTERS.slice(0, zones);
    const prefix = cidr.split('.').slice(0, 2).join('.');

    const vpc = new aws.ec2.Vpc(
      name,
      { cidrBlock: cidr, enableDnsHostnames: true, enableDnsSupport: true, tags: { Name: name } },
      parent,
    );
    const gateway = new aws.ec2.InternetGateway(name, { vpcId: vpc.id, tags: { Name: name } }, parent);
    const publicRoutes = new aws.ec2.RouteTable(
      `${name}-public`,
      {
        vpcId: vpc.id,
        routes: [{ cidrBlock: '0.0.0.0/0', gatewayId: gateway.id }],
        tags: { Name: `${name}-public` },
      },
      parent,
    );

    const subnet = (layer: 'public' | 'private', letter: string, third: number) =>
      new aws.ec2.Subnet(
        `${name}-${layer}-${letter}`,
        {
          vpcId: vpc.id,
          cidrBlock: `${prefix}.${third}.0/24`,
          availabilityZone: `${region}${letter}`,
          mapPublicIpOnLaunch: layer === 'public',
          tags: { Name: `${name}-${layer}-${letter}`, [LOAD_BALANCER_TAG[layer]]: '1' },
        },
        parent,
      );
    // Private subnets start at .100, so that a zone more never moves an existing subnet.
    const publicSubnets = letters.map((letter, index) => subnet('public', letter, index));
    const privateSubnets = letters.map((letter, index) => subnet('private', letter, 100 + index));
    for (const [index, each] of publicSubnets.entries()) {
      new aws.ec2.RouteTableAssociation(
        `${name}-public-${letters[index]}`,
        { subnetId: each.id, routeTableId: publicRoutes.id },
        parent,
      );
    }

    const webGroup = new aws.ec2.SecurityGroup(
      `${name}-web`,
      {
        vpcId: vpc.id,
        description: 'HTTP from anywhere',
        ingress: [{ protocol: 'tcp', fromPort: 80, toPort: 80, cidrBlocks: ['0.0.0.0/0'] }],
        egress: [{ protocol: '-1', fromPort: 0, toPort: 0, cidrBlocks: ['0.0.0.0/0'] }],
        tags: { Name: `${name}-web` },
      },
      parent,
    );
    const dataGroup = new aws.ec2.SecurityGroup(
      `${name}-data`,
      {
        vpcId: vpc.id,
        description: 'PostgreSQL from the web layer',
        ingress: [{ protocol: 'tcp', fromPort: POSTGRES, toPort: POSTGRES, securityGroups: [webGroup.id] }],
        tags: { Name: `${name}-data` },
      },
      parent,
    );

    this.vpcId = vpc.id;
    this.publicSubnets = pulumi.all(publicSubnets.map((each) => each.id));
    this.privateSubnets = pulumi.all(privateSubnets.map((each) => each.id));
    this.webGroup = webGroup.id;
    this.dataGroup = dataGroup.id;
    this.registerOutputs({
      vpcId: this.vpcId,
      publicSubnets: this.publicSubnets,
      privateSubnets: this.privateSubnets,
      webGroup: this.webGroup,
      dataGroup: this.dataGroup,
    });
  }
}
