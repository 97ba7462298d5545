import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RemoteEndpoint, Writer } from '@medkit/rtps';
import { ACKNOWLEDGEMENT_TIMEOUT_MS, KnownServers } from './known-servers.ts';

const SERVER = 'a'.repeat(32);

/** A server that was sent requests and has acknowledged those up to a number. */
function serverWith(sent: readonly { readonly number: number; readonly sentMs: number }[]) {
  let acknowledged = 0;
  const requests = { hasAcknowledged: (_: string, number: number) => number <= acknowledged } as Writer;
  const servers = new KnownServers();
  servers.add({ kind: 'reader', guid: SERVER } as RemoteEndpoint);
  for (const { number, sentMs } of sent) servers.sent(SERVER, number, sentMs, requests);
  return {
    acknowledge: (number: number) => {
      acknowledged = number;
    },
    isSilent: (nowMs: number) => servers.isSilent(SERVER, requests, nowMs),
  };
}

describe('a server that was sent a request', () => {
  it('is unresponsive when it has not acknowledged that in time, and not before', () => {
    const server = serverWith([{ number: 1, sentMs: 1000 }]);
    assert.equal(server.isSilent(999 + ACKNOWLEDGEMENT_TIMEOUT_MS), false);
    assert.equal(server.isSilent(1000 + ACKNOWLEDGEMENT_TIMEOUT_MS), true);
    server.acknowledge(1);
    assert.equal(server.isSilent(60_000), false);
  });

  it('is unresponsive if it does not acknowledge the last of several requests, even if it acknowledged others', () => {
    const server = serverWith([
      { number: 1, sentMs: 1000 },
      { number: 2, sentMs: 1001 },
    ]);
    server.acknowledge(1);
    assert.equal(server.isSilent(1000 + ACKNOWLEDGEMENT_TIMEOUT_MS), false);
    assert.equal(server.isSilent(1001 + ACKNOWLEDGEMENT_TIMEOUT_MS), true);
  });
});
