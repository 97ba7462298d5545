import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { faultEvent, listed, listOf } from '../../packages/programs/fleet-agent/src/testing/faults.ts';

/** Serves the faults of a robot like its gateway, and nothing else. */
export interface StandInGateway extends AsyncDisposable {
  readonly url: string;
  /** Activates exactly these faults. */
  stand(codes: readonly string[]): void;
}

export async function startStandInGateway(): Promise<StandInGateway> {
  const streams = new Set<ServerResponse>();
  let standing: readonly string[] = [];
  const list = () => listOf(standing.map((code) => listed(code)));
  const server = createServer(({ url = '' }, response) => {
    if (url.startsWith('/api/v1/faults/stream')) {
      streams.add(response.writeHead(200, { 'content-type': 'text/event-stream' }));
      response.on('close', () => streams.delete(response)).flushHeaders();
    } else {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(url.startsWith('/api/v1/faults') ? list() : {}));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stand(codes) {
      const before = standing;
      standing = codes;
      const events = [
        ...codes.filter((code) => !before.includes(code)).map((code) => faultEvent('fault_confirmed', listed(code))),
        ...before
          .filter((code) => !codes.includes(code))
          .map((code) => faultEvent('fault_cleared', listed(code, { status: 'CLEARED' }))),
      ];
      for (const stream of streams) {
        for (const event of events) stream.write(`data: ${JSON.stringify(event)}\n\n`);
      }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
