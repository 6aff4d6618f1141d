import type { IncomingMessage, RequestListener } from 'node:http';
import { expect } from 'chai';
import { ask } from '../../src/health/ask';
import { listen } from './listener';
import { sampleUrl as sample } from './sample';

describe('the target of an http check', () => {
  const closers: (() => void)[] = [];
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  const serve = async (handle: RequestListener) => {
    const { port, close } = await listen(handle);
    closers.push(close);
    return `http://127.0.0.1:${port}`;
  };
  describe('addresses', () => {
    const never = [
      'http://169.254.169.254/latest/meta-data',
      'http://2852039166',
      'http://0xa9.0xfe.0xa9.0xfe',
      'http://[fe80::1]',
      'http://[::ffff:169.254.169.254]',
      'http://[64:ff9b::a9fe:a9fe]',
      'http://[fd00:ec2::254]',
      'http://100.100.100.200',
      'http://168.63.129.16',
      'http://metadata.google.internal',
      'http://METADATA.google.internal.',
      'http://0.0.0.0',
      'http://[::]',
      'http://255.255.255.255',
    ];
    for (const url of never) {
      it(`never asks ${url}`, async () => {
        const { verdict, reason } = await sample(url);
        expect(verdict).to.equal('unknown');
        expect(reason).to.include('never asked');
      });
    }

    it('asks loopback addresses only where that is allowed', async () => {
      let asked = 0;
      const url = await serve((_, response) => response.end(`${asked++}`));
      for (const own of [url, url.replace('127.0.0.1', 'localhost'), url.replace('127.0.0.1', '[::1]')]) {
        expect(await sample(own, { options: {} })).to.deep.include({ verdict: 'unknown' });
      }
      expect(asked).to.equal(0);
      expect((await sample(url.replace('127.0.0.1', 'localhost'))).verdict).to.equal('healthy');
    });

    it('dials the addresses that were checked, not what the name means by then', async () => {
      const { port } = new URL(await serve((_, response) => response.writeHead(204).end()));
      const answer = await ask({
        url: new URL(`http://shop.invalid:${port}/`),
        target: { addresses: [{ address: '127.0.0.1', family: 4 }], isStandIn: false },
        test: { kind: 'http', urlOutput: 'url', path: '/', status: 200 },
        signal: new AbortController().signal,
      });
      expect(answer.status).to.equal(204);
    });

    it('knows nothing where the name does not exist', async () => {
      const name = `${'a'.repeat(64)}.invalid`; // a label this long is refused without asking any server
      const { verdict, reason } = await sample(`http://${name}`);
      expect(verdict).to.equal('unknown');
      expect(reason).to.include(`${name} cannot be resolved`);
    });
  });

  describe('stand-in', () => {
    it('is asked in place of any host, with the host it stands for', async () => {
      const seen: (string | undefined)[] = [];
      const { port, close } = await listen((request: IncomingMessage, response) => {
        seen.push(request.headers.host);
        response.end();
      });
      closers.push(close);
      const resolve = () => ({ address: '127.0.0.1', port });
      const urls = [
        'http://lb-1.eu-west-1.elb.amazonaws.com',
        'https://shop.example:8443',
        'http://10.1.2.3',
        'http://[2001:db8::1]',
      ];
      for (const url of urls) {
        expect(await sample(url, { options: { resolve } })).to.deep.equal({
          verdict: 'healthy',
          reason: `200 from ${url}/healthz`,
        });
      }
      expect(seen).to.deep.equal(urls.map((url) => new URL(url).host));
    });

    it('is not asked for hosts it does not stand for', async () => {
      const resolve = (name: string) =>
        name === 'shop.example' ? { address: '127.0.0.1', port: 1 } : undefined;
      expect((await sample('http://169.254.169.254', { options: { resolve } })).reason).to.include(
        'never asked',
      );
    });
  });
});
