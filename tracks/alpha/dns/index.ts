import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';

/** What a stack file writes. */
export const inputs = z.strictObject({
  zone: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/)
    .describe('Domain of the hosted zone, without a dot at its end.'),
  subdomain: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .default('www')
    .describe('Name of the shop in the zone.'),
  target: z.string().describe('DNS name the shop’s name stands for.'),
  ttl: z
    .number()
    .int()
    .min(30)
    .max(86400)
    .default(300)
    .describe('How long resolvers keep the record, in seconds.'),
});

/** What others may use. */
export const outputs = z.object({
  host: z.string().describe('DNS name of the shop.'),
  url: z.string().describe('http URL of the shop.'),
  zoneId: z.string(),
  nameServers: z.array(z.string()).describe('To be entered at the registrar of the domain.'),
});

/** Inputs as a program gives them: the target may still be an output. */
export interface DnsArgs extends Omit<z.input<typeof inputs>, 'target'> {
  readonly target: pulumi.Input<string>;
}

/** The hosted zone of a shop, and the name people type. */
export default class Dns extends pulumi.ComponentResource {
  readonly host: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;
  readonly zoneId: pulumi.Output<string>;
  readonly nameServers: pulumi.Output<string[]>;

  constructor(name: string, args: DnsArgs, opts?: pulumi.ComponentResourceOptions) {
    super('shop:dns:Dns', name, {}, opts);
    const { target, ...plain } = args;
    const { zone, subdomain, ttl } = inputs.omit({ target: true }).parse(plain);
    const parent = { parent: this };

    const hosted = new aws.route53.Zone(
      name,
      { name: zone, comment: 'The shop', tags: { Name: name } },
      parent,
    );
    const record = new aws.route53.Record(
      name,
      { zoneId: hosted.zoneId, name: `${subdomain}.${zone}`, type: 'CNAME', ttl, records: [target] },
      parent,
    );

    this.host = record.fqdn;
    this.url = pulumi.interpolate`http://${record.fqdn}`;
    this.zoneId = hosted.zoneId;
    this.nameServers = hosted.nameServers;
    this.registerOutputs({
      host: this.host,
      url: this.url,
      zoneId: this.zoneId,
      nameServers: this.nameServers,
    });
  }
}
