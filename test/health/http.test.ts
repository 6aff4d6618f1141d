import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { duration } from '../../src/core/time';
import { listen } from './listener';
import { sampleUrl as sample } from './sample';

describe('an http check', () => {
  const closers: (() => void)[] = [];
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  const serve = async (handle: RequestListener, tls?: { key: string; cert: string }) => {
    const { port, close } = await listen(handle, tls);
    closers.push(close);
    return `${tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  };
  it('is healthy when the wanted status comes, whichever is wanted', async () => {
    const url = await serve((_, response) => response.writeHead(204).end());
    expect(await sample(url, { test: { status: 204 } })).to.deep.equal({
      verdict: 'healthy',
      reason: `204 from ${url}/healthz`,
    });
  });

  it('is unhealthy with another status, and says which', async () => {
    const url = await serve((_, response) => response.writeHead(503).end());
    expect(await sample(url)).to.deep.equal({
      verdict: 'unhealthy',
      reason: `503 from ${url}/healthz, 200 wanted`,
    });
  });

  it('asks the path behind the URL, of that host only', async () => {
    const seen: (string | undefined)[] = [];
    const url = await serve((request, response) => response.end(`${seen.push(request.url)}`));
    await sample(`${url}/shop/?key=1#top`, { test: { path: '/healthz?deep=1' } });
    await sample(url, { test: { path: '//other.example/healthz' } });
    expect(seen).to.deep.equal(['/shop/healthz?deep=1', '/other.example/healthz']);
  });

  describe('body', () => {
    const test = { body: 'status: grün' };

    it('is healthy when the text is in it, also across chunks', async () => {
      const url = await serve((_, response) => {
        const bytes = Buffer.from('all is well, status: grün.');
        response.write(bytes.subarray(0, 23)); // within the ü
        setTimeout(() => response.end(bytes.subarray(23)), 20);
      });
      expect((await sample(url, { test })).verdict).to.equal('healthy');
    });

    it('is unhealthy when the text is not in it', async () => {
      const url = await serve((_, response) => response.end('status: rot'));
      expect(await sample(url, { test })).to.deep.include({ verdict: 'unhealthy' });
    });

    it('is read up to 1 MiB, however much comes', async () => {
      const filler = Buffer.alloc(2 ** 20, 'x');
      let hasEnded = false;
      const url = await serve((_, response) => {
        const more = () => {
          while (!response.destroyed && response.write(filler));
        };
        response.on('drain', more).on('close', () => {
          hasEnded = true;
        });
        more();
      });
      const { verdict, reason } = await sample(url, { test });
      expect(verdict).to.equal('unhealthy');
      expect(reason).to.include('not in the first 1 MiB');
      while (!hasEnded) await new Promise(setImmediate);
    });

    it('counts when the text ends within the first 1 MiB, not a byte later', async () => {
      let filler = 2 ** 20 - Buffer.byteLength(test.body);
      const url = await serve((_, response) => response.end('x'.repeat(filler) + test.body));
      expect((await sample(url, { test })).verdict).to.equal('healthy');
      filler += 1;
      expect((await sample(url, { test })).verdict).to.equal('unhealthy');
    });

    it('is unhealthy when it ends early', async () => {
      const url = await serve((_, response) => {
        response.writeHead(200, { 'content-length': 1000 });
        response.write('status');
        setImmediate(() => response.destroy());
      });
      expect((await sample(url, { test })).verdict).to.equal('unhealthy');
    });

    it('is not waited for when nothing is wanted of it', async () => {
      const url = await serve((_, response) => response.writeHead(200).flushHeaders());
      expect((await sample(url)).verdict).to.equal('healthy');
    });
  });

  describe('time', () => {
    it('is unhealthy when the answer takes longer than wanted', async () => {
      const url = await serve((_, response) => setTimeout(() => response.end(), 20));
      const { verdict, reason } = await sample(url, { test: { within: duration(5) } });
      expect(verdict).to.equal('unhealthy');
      expect(reason).to.match(/^200 from .* after [\d.]+ ms, within 5 ms wanted$/);
    });

    it('is unhealthy when no answer comes in time', async () => {
      const url = await serve(() => {});
      expect(await sample(url, { timeout: 30.5 })).to.deep.equal({
        verdict: 'unhealthy',
        reason: `no answer from ${url}/healthz within 30.5 ms`,
      });
    });

    it('is unhealthy when the body drips on for ever', async () => {
      const url = await serve((_, response) => response.writeHead(200).write('.'));
      expect((await sample(url, { timeout: 30, test: { body: 'ok' } })).verdict).to.equal('unhealthy');
    });

    it('is unknown when it was cancelled, before or while it ran', async () => {
      const cancel = new AbortController();
      const url = await serve(() => cancel.abort());
      expect(await sample(url, { signal: cancel.signal })).to.deep.equal({
        verdict: 'unknown',
        reason: 'the check was cancelled',
      });
      expect((await sample(url, { signal: AbortSignal.abort() })).verdict).to.equal('unknown');
    });
  });

  describe('connection', () => {
    it('is unhealthy when it is refused', async () => {
      const { port, close } = await listen(() => {});
      close();
      const { verdict, reason } = await sample(`http://127.0.0.1:${port}`);
      expect(verdict).to.equal('unhealthy');
      expect(reason).to.include('ECONNREFUSED');
    });

    it('is unhealthy when it is dropped without an answer', async () => {
      const url = await serve((request) => request.socket.destroy());
      expect((await sample(url)).verdict).to.equal('unhealthy');
    });

    it('is unhealthy when the answer is no HTTP', async () => {
      const url = await serve((request) => request.socket.end('hello\r\n\r\n'));
      expect((await sample(url)).verdict).to.equal('unhealthy');
    });

    it('is unhealthy when an upgrade is forced upon it', async () => {
      const url = await serve((request) =>
        request.socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
      );
      expect((await sample(url)).verdict).to.equal('unhealthy');
    });

    it('is unhealthy when its certificate is signed by itself, and says so', async () => {
      const url = await serve((_, response) => response.end(), selfSigned());
      const { verdict, reason } = await sample(url);
      expect(verdict).to.equal('unhealthy');
      expect(reason).to.include('self-signed certificate');
    });
  });

  describe('redirect', () => {
    it('is compared as it is and not followed', async () => {
      let asked = 0;
      const other = await serve((_, response) => response.end(`${asked++}`));
      const url = await serve((_, response) => response.writeHead(302, { location: `${other}/x` }).end());
      expect(await sample(url)).to.deep.equal({
        verdict: 'unhealthy',
        reason: `302 from ${url}/healthz (redirects to ${other}/x, not followed), 200 wanted`,
      });
      expect((await sample(url, { test: { status: 302 } })).verdict).to.equal('healthy');
      expect(asked).to.equal(0);
    });
  });

  it('knows nothing where the output is missing, secret, no URL, or of another scheme', async () => {
    for (const url of [
      null,
      '[secret]',
      'shop.example',
      7,
      'file:///etc/passwd',
      'http://ada:pw@shop.example',
    ]) {
      expect((await sample(url)).verdict, String(url)).to.equal('unknown');
    }
  });

  it('refuses a URL with credentials without repeating them', async () => {
    for (const url of ['http://ada@shop.example', 'http://:hunter2@shop.example']) {
      expect(await sample(url)).to.deep.equal({
        verdict: 'unknown',
        reason: 'the output url holds credentials',
      });
    }
  });

  it('knows nothing where the checker itself fails', async () => {
    const resolve = () => {
      throw new Error('no map');
    };
    expect(await sample('http://shop.example', { options: { resolve } })).to.deep.equal({
      verdict: 'unknown',
      reason: 'the checker failed: no map',
    });
  });
});

function selfSigned(): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const args = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '30',
  ];
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  try {
    execFileSync('openssl', [...args, ...names, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
