import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { seededRandom } from '@medkit/edges';
import type { TestGateway } from '../../../packages/gateway/src/testing/test-gateway.ts';
import { MemoryWatch } from '../memory-watch.ts';
import { InvariantViolated, rate, type Stage, tally } from '../stage.ts';
import { type RandomRequest, randomRequest, rawRequest } from './random-request.ts';
import { openTarget } from './target.ts';

const HOST = '127.0.0.1';
const MEMORY_LIMIT_BYTES = 96 * 1024 * 1024;
/**
 * One of this many requests is sent as corrupted bytes over a real connection; the others are injected into the server.
 */
const INJECTED_PER_RAW = 20;
const MAX_ANSWER_MS = 5000;

/** Sends malformed requests to a gateway and validates its replies against their schemas. */
export const requestStorm: Stage = async ({ seed, count, deadlineMs, progress }) => {
  const random = seededRandom(seed);
  const gateway = await openTarget();
  await gateway.app.listen({ host: HOST, port: 0 });
  const memory = new MemoryWatch(MEMORY_LIMIT_BYTES);
  const statuses: Record<string, number> = {};
  const startedMs = performance.now();
  let done = 0;
  let last: RandomRequest | undefined;
  try {
    for (; done < count && performance.now() < deadlineMs; done += 1) {
      last = randomRequest(random);
      const isRaw = done % INJECTED_PER_RAW === 0;
      const status = isRaw
        ? await answerOnWire(gateway, spoilBytes(rawRequest(last), random))
        : await answer(gateway, last);
      statuses[status] = (statuses[status] ?? 0) + 1;
      gateway.log.length = 0;
      if (done % 2000 === 0)
        progress(`${done.toLocaleString('en')} requests, ${rate(done, startedMs)}, ${memory.sample()}`);
    }
    const { statusCode, body } = await gateway.app.inject({ method: 'GET', url: '/api/v1/apps/lidar_driver' });
    if (statusCode !== 200) throw new InvariantViolated(`a good request is answered with ${statusCode}: ${body}`);
    memory.sample();
    return [
      `${done.toLocaleString('en')} requests, ${rate(done, startedMs)}`,
      memory.figures(),
      `statuses: ${tally(statuses)}`,
    ];
  } catch (error) {
    throw new InvariantViolated(
      `${(error as Error).stack ?? error}\nagain: npm run fuzz -- --only requests --seed ${seed} (request ${done})\n` +
        `the request: ${JSON.stringify(last)?.slice(0, 2000)}`,
      { cause: error },
    );
  } finally {
    await gateway.app.close();
    await gateway.model.close();
  }
};

async function answer({ app, log }: TestGateway, { method, path, headers, body }: RandomRequest): Promise<string> {
  if (!URL.canParse(`http://localhost${path}`)) return 'no address';
  const url = path.startsWith('//') ? `/.${path}` : path;
  const reply = await app.inject({
    method: method as 'GET',
    url,
    headers,
    ...(body !== undefined && { payload: Buffer.from(body, 'latin1') }),
    payloadAsStream: true,
  });
  const stream = reply.stream();
  // 500 means an unexpected error of the gateway; 501, 503 and 504 are regular answers. Event streams do not end: the
  // test only checks that they begin.
  if (reply.headers['content-type'] === 'text/event-stream') stream.destroy();
  else if (reply.statusCode === 500) throw new InvariantViolated(`500 ${await text(stream)}: ${log.join(' | ')}`);
  else await text(stream);
  return String(reply.statusCode);
}

/** Sends bytes and returns the status of the answer, if there is one. */
async function answerOnWire({ app }: TestGateway, bytes: Buffer): Promise<string> {
  const { port } = app.server.address() as { port: number };
  const socket = connect(port, HOST);
  let reply = '';
  socket.setEncoding('latin1').on('data', (data) => {
    reply += data;
  });
  socket.on('error', () => socket.destroy());
  // Half-closes the connection, so that the gateway does not wait for an announced body that never arrives.
  socket.end(bytes);
  const overdue = setTimeout(() => socket.destroy(new Error('overdue')), MAX_ANSWER_MS);
  await once(socket, 'close');
  clearTimeout(overdue);
  const status = /^HTTP\/1\.1 (\d{3})/.exec(reply)?.[1];
  if (status === '500')
    throw new InvariantViolated(`on the wire: ${reply}\n${JSON.stringify(bytes.toString('latin1'))}`);
  return `wire ${status ?? 'closed'}`;
}

function spoilBytes(bytes: Buffer, { float }: { float(): number }): Buffer {
  for (let changes = Math.floor(float() * 4); changes > 0; changes -= 1) {
    bytes[Math.floor(float() * bytes.length)] = Math.floor(float() * 256);
  }
  return float() < 0.1 ? bytes.subarray(0, Math.floor(float() * bytes.length)) : bytes;
}
