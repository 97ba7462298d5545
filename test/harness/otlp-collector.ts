import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import {
  type ReceivedMetric,
  type ReceivedSpan,
  receivedMetrics,
  receivedSpans,
} from '../../packages/gateway/src/testing/otlp-definitions.ts';

/** A collector on loopback that rejects every request that the official definitions do not accept. */
export interface OtlpCollector extends AsyncDisposable {
  readonly url: string;
  /** In the order in which they were received. */
  readonly spans: readonly ReceivedSpan[];
  readonly metrics: readonly ReceivedMetric[];
  /** Why requests were rejected. */
  readonly problems: readonly string[];
  /** Headers of the last request. */
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Opens a collector of traces and metrics on a free port. */
export async function otlpCollector(): Promise<OtlpCollector> {
  const spans: ReceivedSpan[] = [];
  const metrics: ReceivedMetric[] = [];
  const problems: string[] = [];
  let last: Readonly<Record<string, unknown>> = {};
  const server = createServer(async (request, reply) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url, headers } = request;
    last = headers;
    try {
      if (method !== 'POST') throw new Error(`${method} ${url}`);
      if (headers['content-type'] !== 'application/json') throw new Error(`content-type ${headers['content-type']}`);
      const body = Buffer.concat(chunks);
      const text = String(headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
      if (url === '/v1/traces') spans.push(...receivedSpans(text));
      else if (url === '/v1/metrics') metrics.push(...receivedMetrics(text));
      else throw new Error(`${method} ${url}`);
      reply.setHeader('Content-Type', 'application/json').end('{"partialSuccess":{}}');
    } catch (error) {
      problems.push(String(error));
      reply.writeHead(400).end(String(error));
    }
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    metrics,
    problems,
    get headers() {
      return last;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
