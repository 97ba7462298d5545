import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

type Labels = Readonly<Record<string, string>>;

interface Line {
  readonly labels: Labels;
  readonly timeNs: bigint;
  readonly line: string;
}

/** A server with the part of Loki's HTTP API that medkit uses, according to its documentation: push and range query. */
export interface LokiServer extends AsyncDisposable {
  readonly url: string;
  /** Requests in order: method, then the parameters. */
  readonly requests: readonly (readonly [string, Labels])[];
  /** Makes all later requests fail with this answer. */
  refuse(status: number, body: string): void;
}

const MAX_ENTRIES = 5000;

/** Starts the server on the loopback interface. */
export async function startLoki(): Promise<LokiServer> {
  const lines: Line[] = [];
  const requests: [string, Labels][] = [];
  let refusal: { readonly status: number; readonly body: string } | undefined;

  const answer = async (request: IncomingMessage): Promise<readonly [number, string]> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://loki');
    const body = await text(request);
    if (refusal) return [refusal.status, refusal.body];
    if (pathname === '/loki/api/v1/push') {
      for (const { stream, values } of JSON.parse(body).streams) {
        for (const [time, line] of values) lines.push({ labels: stream, timeNs: BigInt(time), line });
      }
      return [204, ''];
    }
    if (pathname !== '/loki/api/v1/query_range') return [404, '404 page not found'];
    const parameters = Object.fromEntries(request.method === 'POST' ? new URLSearchParams(body) : searchParams);
    requests.push([request.method ?? '', parameters]);
    return rangeOf(lines, parameters);
  };

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    answer(request).then(
      ([status, body]) => response.writeHead(status, { 'content-type': 'application/json' }).end(body),
      (error: unknown) => response.writeHead(400).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    refuse: (status, body) => {
      refusal = { status, body };
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Returns the first or last lines of a range, as streams; the range includes its start and excludes its end. */
function rangeOf(lines: readonly Line[], parameters: Labels): readonly [number, string] {
  const limit = Number(parameters['limit'] ?? 100);
  if (limit > MAX_ENTRIES) {
    return [400, `max entries limit per query exceeded, limit > max_entries_limit (${limit} > ${MAX_ENTRIES})`];
  }
  const fits = testOf(parameters['query'] ?? '');
  const [start, end] = [BigInt(parameters['start'] ?? 0), BigInt(parameters['end'] ?? 0)];
  const found = lines.filter((line) => line.timeNs >= start && line.timeNs < end && fits(line));
  found.sort((a, b) => Number(a.timeNs - b.timeNs));
  if (parameters['direction'] !== 'forward') found.reverse();
  const streams = Map.groupBy(found.slice(0, limit), ({ labels }) => JSON.stringify(labels));
  const result = [...streams].map(([labels, of]) => ({
    stream: JSON.parse(labels),
    values: of.map(({ timeNs, line }) => [String(timeNs), line]),
  }));
  return [200, JSON.stringify({ status: 'success', data: { resultType: 'streams', result, stats: {} } })];
}

const MATCHER = /(\w+)\s*(=~|=)\s*("(?:[^"\\]|\\.)*")/g;

/** Supports the LogQL that medkit uses: a selector, `json` with one field, and label filters with `or`. */
function testOf(query: string): (line: Line) => boolean {
  const [, selector = '', pipeline = ''] = /^\{(.*?)\}((?: \| .*)?)$/s.exec(query) ?? [];
  if (selector === '') throw new Error(`parse error: ${query}`);
  const stages = pipeline.split(' | ').slice(1);
  return ({ labels, line }) => {
    let known = labels;
    if (![...selector.matchAll(MATCHER)].every((matcher) => holds(matcher, known))) return false;
    return stages.every((stage) => {
      const field = /^json (\w+)="(\w+)"$/.exec(stage);
      if (field) known = { ...known, [field[1] ?? '']: String(fieldOf(line, field[2] ?? '')) };
      return field !== null || [...stage.matchAll(MATCHER)].some((matcher) => holds(matcher, known));
    });
  };
}

function holds([, name = '', operator, value = '""']: RegExpMatchArray, labels: Labels): boolean {
  const wanted = JSON.parse(value) as string;
  const is = labels[name] ?? '';
  return operator === '=' ? is === wanted : new RegExp(`^(?:${wanted})$`, 's').test(is);
}

function fieldOf(line: string, field: string): unknown {
  try {
    return JSON.parse(line)[field] ?? '';
  } catch {
    // Loki keeps a line that is not JSON, without the field.
    return '';
  }
}
