import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import Dns, { inputs, outputs } from '../../components/dns';
import { resolved, resource, run } from './mocks';

const args = { zone: 'eu1.shop.example', target: 'web.elb.example' };

describe('the dns component', () => {
  it('points the name of the shop at its target, which may not be known yet', async () => {
    const { recording } = await run(() => new Dns('dns', { ...args, target: pulumi.output(args.target) }));
    expect(recording.inputs.get(resource('aws:route53/record:Record', 'dns'))).to.deep.include({
      name: 'www.eu1.shop.example',
      type: 'CNAME',
      ttl: 300,
      records: ['web.elb.example'],
      zoneId: 'Z0123',
    });
    expect(recording.urns).to.deep.equal([
      'urn:pulumi:test::shop::shop:dns:Dns$aws:route53/record:Record::dns',
      'urn:pulumi:test::shop::shop:dns:Dns$aws:route53/zone:Zone::dns',
      'urn:pulumi:test::shop::shop:dns:Dns::dns',
    ]);
  });

  it('gives the outputs that its schema declares', async () => {
    const { made } = await run(() => new Dns('dns', args));
    const given = {
      host: await resolved(made.host),
      url: await resolved(made.url),
      zoneId: await resolved(made.zoneId),
      nameServers: await resolved(made.nameServers),
    };
    expect(outputs.parse(given)).to.deep.equal(given);
    expect(given.url).to.equal('http://www.eu1.shop.example');
  });

  it('refuses a zone that ends in a dot and a time to live of nothing', () => {
    expect(inputs.safeParse({ ...args, zone: 'shop.example.' }).success).to.equal(false);
    expect(inputs.safeParse({ ...args, ttl: 0 }).success).to.equal(false);
    expect(inputs.safeParse(args).success).to.equal(true);
  });
});
