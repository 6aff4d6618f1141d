import { get } from 'node:http';
import { expect } from 'chai';
import type { Fault } from '../../../src/core/project';
import { duration, plus } from '../../../src/core/time';
import type { Provider, WireObject } from '../../../src/engine/embedded/provider';
import { at } from '../../../src/engine/sandbox/dialect';
import { type Listener, startListener } from '../../../src/engine/sandbox/listener';
import { provider, Subject, World } from './world';

const labels = { app: 'web' };

function deployment(image: string, namespace = 'default'): WireObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels: { ...labels, 'app.kubernetes.io/version': 'beta.12' } },
        spec: { containers: [{ name: 'shop', image }] },
      },
    },
  };
}

const service = (namespace = 'default'): WireObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace },
  spec: { type: 'LoadBalancer', selector: labels, ports: [{ port: 80 }] },
});

describe('sandbox listener', () => {
  let world: World;
  let listener: Listener;
  let listeners: Listener[];
  let kubernetes: Provider;
  const faults: Fault[] = [{ match: { image: 'shop:2.5.*' }, unhealthy: true }];

  beforeEach(async () => {
    world = new World();
    const cloud = world.open({ faults });
    kubernetes = await provider(cloud, 'kubernetes');
    // As in the driver: the listener is another process than the one that deploys.
    listener = await startListener(world.open());
    listeners = [listener];
  });
  afterEach(async () => {
    for (const each of listeners) await each.close();
    world.remove();
  });

  const ask = (host: unknown, path = '/healthz', port = listener.port): Promise<string> =>
    new Promise((resolve, reject) => {
      const headers = { host: String(host) };
      get({ host: '127.0.0.1', port, path, headers }, (response) => {
        let body = '';
        response.on('data', (part) => {
          body += part;
        });
        response.on('end', () => resolve(`${response.statusCode} ${body.trim()}`));
      }).on('error', reject);
    });
  const make = (type: string, name: string, inputs: WireObject): Promise<Subject> =>
    new Subject(kubernetes, type, name).create(inputs);
  const hostOf = (subject: Subject) =>
    at(subject.outputs, 'status', 'loadBalancer', 'ingress', 0, 'hostname');

  it('answers for the pods that a Service selects', async () => {
    const web = await make('kubernetes:core/v1:Service', 'web', service());
    expect(await ask(hostOf(web))).to.equal('503 {"service":"web","ready":0}');
    await make('kubernetes:apps/v1:Deployment', 'web', deployment('shop:2.4.0'));
    expect(await ask(`${hostOf(web)}:8080`, '/any/path?at=all')).to.equal(
      '200 {"service":"web","ready":2,"image":"shop:2.4.0","release":"beta.12"}',
    );
  });

  it('answers 503 while the release is unhealthy, and 200 after the way back', async () => {
    const web = await make('kubernetes:core/v1:Service', 'web', service());
    const pods = await make('kubernetes:apps/v1:Deployment', 'web', deployment('shop:2.4.0'));
    await pods.update(deployment('shop:2.5.0'));
    expect(await ask(hostOf(web))).to.match(/^503 /);
    await pods.update(deployment('shop:2.4.0'));
    expect(await ask(hostOf(web))).to.match(/^200 /);
  });

  it('answers 503 until a slow release has become ready', async () => {
    const match = { image: 'shop:2.6.*' };
    const slow = world.open({ faults: [{ match, readyAfter: duration(3_600_000) }], timeScale: 1 });
    const other = await startListener(slow);
    listeners.push(other);
    const web = await make('kubernetes:core/v1:Service', 'web', service());
    await make('kubernetes:apps/v1:Deployment', 'web', deployment('shop:2.6.0'));
    expect(await ask(hostOf(web), '/', other.port)).to.match(/^503 /);
    world.open({ timeScale: 1_000_000 });
    await slow.clock.until(plus(slow.clock.now(), duration(3_600_000)));
    expect(await ask(hostOf(web), '/', other.port)).to.match(/^200 /);
  });

  it('passes over pods that carry other labels', async () => {
    const web = await make('kubernetes:core/v1:Service', 'web', service());
    const other = { app: 'worker' };
    await make('kubernetes:apps/v1:Deployment', 'worker', {
      ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
      spec: { selector: { matchLabels: other }, template: { metadata: { labels: other }, spec: {} } },
    });
    expect(await ask(hostOf(web))).to.match(/^503 /);
  });

  it('keeps namespaces apart', async () => {
    await make('kubernetes:apps/v1:Deployment', 'web', deployment('shop:2.4.0', 'a'));
    const web = await make('kubernetes:core/v1:Service', 'web', service('b'));
    expect(await ask(hostOf(web))).to.match(/^503 /);
  });

  it('follows the records of a zone and the rules of an Ingress', async () => {
    const aws = await provider(world.open(), 'aws');
    const web = await make('kubernetes:core/v1:Service', 'web', service());
    await make('kubernetes:apps/v1:Deployment', 'web', deployment('shop:2.4.0'));
    const zone = await new Subject(aws, 'aws:route53/zone:Zone', 'shop').create({ name: 'shop.example' });
    const record = async (name: string, target: string): Promise<Subject> =>
      new Subject(aws, 'aws:route53/record:Record', name).create({
        ...{ zoneId: zone.id, name, type: 'CNAME', ttl: 60, records: [target] },
      });
    const www = await record('www', String(hostOf(web)));
    expect(www.outputs['fqdn']).to.equal('www.shop.example');
    await record('shop.shop.example', 'www.shop.example.');
    expect(await ask('shop.shop.example')).to.match(/^200 /);
    const backend = { service: { name: 'web', port: { number: 80 } } };
    await make('kubernetes:networking.k8s.io/v1:Ingress', 'web', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      spec: { rules: [{ host: 'api.example', http: { paths: [{ path: '/v1', backend }] } }] },
    });
    expect(await ask('api.example', '/v1/things')).to.match(/^200 /);
    expect(await ask('api.example', '/v2')).to.match(/^503 /);
  });

  it('answers for an Application Load Balancer once a listener forwards', async () => {
    const aws = await provider(world.open(), 'aws');
    const balancer = await new Subject(aws, 'aws:lb/loadBalancer:LoadBalancer', 'web').create({});
    const host = String(balancer.outputs['dnsName']);
    expect(host).to.match(/^web-[0-9a-f]{7}-\d+\.eu-west-1\.elb\.amazonaws\.com$/);
    expect(await ask(host)).to.match(/^503 /);
    await new Subject(aws, 'aws:lb/listener:Listener', 'web').create({
      ...{ loadBalancerArn: balancer.id, port: 80, defaultActions: [{ type: 'forward' }] },
    });
    expect(await ask(host)).to.match(/^200 /);
  });

  it('says 404 for names it does not know, and for those that are gone', async () => {
    expect(await ask('nowhere.example')).to.match(/^404 /);
    const web = await make('kubernetes:core/v1:Service', 'web', service());
    await web.delete();
    expect(await ask(hostOf(web))).to.match(/^404 /);
  });
});
