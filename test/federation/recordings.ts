import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import type { Fault, FileSource, RecordingSource } from '@medkit/core';
import { app, area, component, memoryFaults } from '@medkit/core/testing';
import { systemClock, systemFiles, systemWritableFiles } from '@medkit/edges/node';
import { memoryDatabase } from '../../packages/gateway/src/testing/memory-database.ts';
import { memoryAudit } from '../../packages/resources/audit/src/testing/memory-audit.ts';

const PART_BYTES = 65_536;

/** A recording file of random bytes. Before each part, the reader waits for `onPart`. */
export function bagFile(name: string, bytes: number, onPart: (at: number) => Promise<void> | void = () => undefined) {
  const content = randomBytes(bytes);
  /** The offset of each requested part. */
  const offsets: number[] = [];
  const file: FileSource = {
    name,
    size: bytes,
    tag: content.toString('hex', 0, 8),
    async *read({ first, last } = { first: 0, last: bytes - 1 }) {
      offsets.push(first);
      for (let at = first; at <= last; at += PART_BYTES) {
        await onPart(at);
        yield content.subarray(at, Math.min(at + PART_BYTES, last + 1));
      }
    },
  };
  return { file, content, offsets };
}

/** A recording as a fault manager provides it. */
export function bag(id: string, faultCodes: readonly string[], ...files: readonly FileSource[]): RecordingSource {
  return {
    kind: 'recording',
    id,
    faultCodes,
    format: 'mcap',
    octets: files.reduce((sum, { size }) => sum + size, 0),
    durationMs: 6000,
    createdAtNs: 1_774_232_074_000_000_000n,
    files: async () => files,
  };
}

/** A robot with an arm, its faults, and the recordings that exist at the time of a request. */
export function recordingRobot(faults: readonly Fault[], recordings: readonly RecordingSource[]) {
  const manager = memoryFaults({ faults, recordings });
  return {
    areas: [area('hall')],
    components: [component('base', { areaId: 'hall' })],
    apps: [app('arm', { componentId: 'base', node: '/arm', address: { runtime: 'ros2', nativeId: '/arm' } })],
    providers: {
      faults: {
        ...manager,
        get: async (...args: Parameters<typeof manager.get>) => {
          const known = await manager.get(...args);
          return known && { ...known, snapshots: recordings.filter(({ faultCodes }) => faultCodes.includes(args[1])) };
        },
      },
    },
  };
}

/** A folder on disk for the data of a gateway, and the data that survives its runs. */
export function dataFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-recordings-'));
  return {
    folder,
    parts: {
      storage: { ...systemFiles, ...systemWritableFiles },
      database: memoryDatabase(systemClock),
      auditFile: memoryAudit(systemClock),
    },
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A proxy in front of a gateway that answers requests for recordings arbitrarily. */
export async function lyingProxy(url: string, download: (reply: ServerResponse) => void) {
  const server = createServer((incoming: IncomingMessage, reply) => {
    if (/\/bulk-data\/rosbags\/./.test(incoming.url ?? '')) {
      download(reply);
      return;
    }
    const { method, headers } = incoming;
    const upstream = request(`${url}${incoming.url}`, { method, headers }, (answer) => {
      reply.writeHead(answer.statusCode ?? 500, answer.headers);
      pipeline(answer, reply, () => undefined);
    });
    upstream.on('error', () => reply.destroy());
    reply.on('close', () => upstream.destroy());
    incoming.pipe(upstream);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
