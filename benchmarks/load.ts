import { connect } from 'node:net';
import { parseArgs } from 'node:util';

/**
 * A load generator for one URL, run in a separate process. It reads the length of each answer from its head and then
 * only counts bytes, so that it costs little compared with the measured server. Prints one JSON line.
 */
const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    connections: { type: 'string', default: '16' },
    seconds: { type: 'string', default: '2' },
    close: { type: 'boolean', default: false },
    requests: { type: 'string', default: '0' },
    'pause-ms': { type: 'string', default: '0' },
    /** JSON to POST; GET if absent. */
    post: { type: 'string' },
    /** An additional header line: `Authorization: Bearer …`. */
    header: { type: 'string' },
    /** Counts answers with any status. */
    'any-status': { type: 'boolean', default: false },
  },
});
const url = new URL(values.url as string);
const maxRequests = Number(values.requests) || Number.POSITIVE_INFINITY;
const endAt = performance.now() + Number(values.seconds) * 1000;
/** Pause between an answer and the next request on a keep-alive connection. */
const pauseMs = Number(values['pause-ms']);
const connection = values.close ? 'close' : 'keep-alive';
const { post } = values;
const headers = [
  `${post === undefined ? 'GET' : 'POST'} ${url.pathname} HTTP/1.1`,
  `Host: ${url.host}`,
  `Connection: ${connection}`,
  ...(values.header === undefined ? [] : [values.header]),
  ...(post === undefined ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(post)}`]),
];
const request = Buffer.from(`${headers.join('\r\n')}\r\n\r\n${post ?? ''}`);
const latenciesMs: number[] = [];

/** Returns the length of a whole answer, head included, from its head. */
function lengthOf(answer: Buffer): number {
  const headEnd = answer.indexOf('\r\n\r\n');
  const head = answer.subarray(0, headEnd).toString('latin1');
  if (!values['any-status'] && !/^HTTP\/1.1 200/.test(head))
    throw new Error(`${url} answered ${head.split('\r\n')[0]}`);
  return headEnd + 4 + Number(/content-length: (\d+)/i.exec(head)?.[1]);
}

const more = () => performance.now() < endAt && latenciesMs.length < maxRequests;

/** Uses one connection after another, or one connection for all requests; resolves when the time is up. */
function client(): Promise<void> {
  return new Promise((resolve, reject) => {
    const open = () => {
      let startedAt = 0;
      let received = 0;
      let expected = 0;
      const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
      const ask = () => {
        startedAt = performance.now();
        socket.write(request);
      };
      socket.on('error', reject);
      ask();
      socket.on('data', (chunk) => {
        if (received === 0) expected = lengthOf(chunk);
        received += chunk.length;
        if (received < expected) return;
        received = 0;
        latenciesMs.push(performance.now() - startedAt);
        if (values.close) return;
        if (!more()) return void socket.end();
        if (pauseMs > 0) setTimeout(ask, pauseMs);
        else ask();
      });
      socket.on('close', () => (values.close && more() ? open() : resolve()));
    };
    open();
  });
}

const startedAt = performance.now();
await Promise.all(Array.from({ length: Number(values.connections) }, client));
const seconds = (performance.now() - startedAt) / 1000;
latenciesMs.sort((a, b) => a - b);
const quantile = (q: number) => latenciesMs[Math.floor(latenciesMs.length * q)];
console.log(JSON.stringify({ perSecond: latenciesMs.length / seconds, p50Ms: quantile(0.5), p99Ms: quantile(0.99) }));
