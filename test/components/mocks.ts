import * as pulumi from '@pulumi/pulumi';

export type Properties = Readonly<Record<string, unknown>>;

/** What a program registered with the recording engine: URNs in order of their names, inputs by URN, invoked functions. */
export interface Recording {
  readonly urns: readonly string[];
  readonly inputs: ReadonlyMap<string, Properties>;
  readonly invokes: readonly string[];
}

/** `aws:ec2/vpc:Vpc network`: how tests name a resource. */
export const resource = (type: string, name: string): string => `${type} ${name}`;

const REGION = 'eu-west-1';

/** Outputs that the clouds would compute and the components read. */
function computed(type: string, name: string, inputs: Properties): Properties {
  switch (type) {
    case 'aws:s3/bucket:Bucket':
      return {
        bucket: `${name}-0a1b2c3`,
        arn: `arn:aws:s3:::${name}-0a1b2c3`,
        bucketRegionalDomainName: `${name}-0a1b2c3.s3.${REGION}.amazonaws.com`,
      };
    case 'aws:rds/instance:Instance':
      return { address: `${name}.c9x.${REGION}.rds.amazonaws.com`, port: 5432 };
    case 'aws:route53/record:Record':
      return { fqdn: inputs['name'] };
    case 'aws:route53/zone:Zone':
      return { zoneId: 'Z0123', nameServers: ['ns-1.example'] };
    case 'kubernetes:core/v1:Service':
      return { status: { loadBalancer: { ingress: [{ hostname: `${name}.elb.example` }] } } };
    case 'kubernetes:apps/v1:Deployment':
      return { status: { readyReplicas: 2 } };
    default:
      return {};
  }
}

/** Runs a program against an engine that only records, and waits until every registration has arrived. */
export async function run<T>(program: () => T): Promise<{ made: T; recording: Recording }> {
  const inputs = new Map<string, Properties>();
  const invokes: string[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        const given: Properties = args.inputs;
        inputs.set(resource(args.type, args.name), given);
        return {
          id: `${args.name}-id`,
          state: { name: args.name, ...given, ...computed(args.type, args.name, given) },
        };
      },
      call: ({ token }) => {
        invokes.push(token);
        return token === 'aws:index/getCallerIdentity:getCallerIdentity' ? { accountId: '123456789012' } : {};
      },
    },
    'shop',
    'test',
  );
  // The mock monitor keeps URNs, which its public type does not say.
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    getRegisteredResources(): ReadonlyMap<string, unknown>;
  };
  const made = program();
  await pulumi.runtime.disconnect();
  return { made, recording: { urns: [...monitor.getRegisteredResources().keys()].sort(), inputs, invokes } };
}

/** The value of an output. */
export const resolved = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => {
    output.apply((value) => resolve(value as T));
  });
