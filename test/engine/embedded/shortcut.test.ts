import * as grpc from '@grpc/grpc-js';
import { expect } from 'chai';
import { announce, shorten } from '../../../src/engine/embedded/shortcut';

type Callback = (error: grpc.ServiceError | null, response?: unknown) => void;
type Methods = { echo(request: unknown, ...rest: unknown[]): void };

const ADDRESS = '127.0.0.1:65001';
const services = [
  {
    echo: ({ request }: { request: unknown }, callback: grpc.sendUnaryData<unknown>) =>
      request === 'bad' ? callback({ code: grpc.status.UNKNOWN, details: 'no' }) : callback(null, request),
  },
] as unknown as grpc.UntypedServiceImplementation[];

const clientOf = (address: string): grpc.Client & Methods =>
  Object.assign(new grpc.Client(address, grpc.credentials.createInsecure()), {
    echo: () => {
      throw new Error('over the connection');
    },
  });

const ask = (
  client: Methods,
  request: unknown,
): Promise<{ error: grpc.ServiceError | null; response: unknown }> =>
  new Promise((resolve) => {
    const answer: Callback = (error, response) => resolve({ error, response });
    client.echo(request, answer);
  });

describe('the way to an engine in the same process', () => {
  let withdraw: () => void;
  let client: grpc.Client & Methods;
  beforeEach(() => {
    withdraw = announce(ADDRESS, services);
    client = clientOf(ADDRESS);
  });
  afterEach(() => {
    withdraw();
    client.close();
  });

  it('leads to its methods, never inside the call itself', async () => {
    shorten(client);
    const order: string[] = [];
    const answer = ask(client, 'hello').then(({ response }) => order.push(String(response)));
    order.push('asked');
    await answer;
    expect(order).to.deep.equal(['asked', 'hello']);
  });

  it('finds the callback behind metadata and options', async () => {
    shorten(client);
    const response = await new Promise((resolve) => {
      const answer: Callback = (_error, response) => resolve(response);
      client.echo('hello', new grpc.Metadata(), {}, answer);
    });
    expect(response).to.equal('hello');
  });

  it('tells a refusal as a connection does', async () => {
    shorten(client);
    const { error } = await ask(client, 'bad');
    expect(error).to.be.instanceOf(Error);
    expect(error).to.include({ code: grpc.status.UNKNOWN, details: 'no', message: '2 UNKNOWN: no' });
  });

  it('is shut for a program that goes on after its end', async () => {
    shorten(client);
    withdraw();
    expect((await ask(client, 'hello')).error?.code).to.equal(grpc.status.UNAVAILABLE);
  });

  it('leaves the clients of other engines as they are', () => {
    const other = clientOf('127.0.0.1:65002');
    shorten(other);
    expect(() => other.echo('hello')).to.throw('over the connection');
    other.close();
  });
});
