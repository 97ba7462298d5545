import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Program } from '../harness/program.ts';

const MIB = 1024 * 1024;

/** Measures the resources of a running program. It closes with its scope, before the program does. */
export interface ProcessGauge extends Disposable {
  /**
   * Number of open file descriptors, without those of databases and thread wake-ups: the store has an additional thread
   * during reads.
   */
  descriptors(): number;
  residentMib(): number;
  /** Heap and buffers that remain after garbage collection. */
  liveMib(): Promise<number>;
}

/** Targets of the descriptors that a thread of the store opens and closes. */
const OF_THREADS = /^(?:anon_inode|pipe):|\.db(?:-wal|-shm|\.mark)?$/;

/** `nodeOptions` that allow a program to be inspected. */
export const GAUGE_OPTIONS = '--inspect=127.0.0.1:0';

/** Attaches to a Node program that was started with `GAUGE_OPTIONS`, through its debugger protocol. */
export async function openProcessGauge(program: Program): Promise<ProcessGauge> {
  const [, url = ''] = await program.printed(/Debugger listening on (ws:\S+)/);
  const socket = new WebSocket(url);
  await once(socket, 'open');
  let lastId = 0;
  const ask = async (method: string): Promise<Record<string, number>> => {
    lastId += 1;
    socket.send(JSON.stringify({ id: lastId, method }));
    const [{ data }] = (await once(socket, 'message')) as [{ data: string }];
    const { id, result } = JSON.parse(data);
    assert.equal(id, lastId, `an answer to ${method}: ${data}`);
    return result;
  };
  return {
    descriptors: () => {
      const folder = `/proc/${program.pid}/fd`;
      return readdirSync(folder).filter((descriptor) => !OF_THREADS.test(targetOf(`${folder}/${descriptor}`))).length;
    },
    residentMib: () => {
      const [, kb] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${program.pid}/status`, 'utf8')) ?? [];
      return Number(kb) / 1024;
    },
    liveMib: async () => {
      // The second round collects what finalizers released.
      for (let round = 0; round < 2; round += 1) await ask('HeapProfiler.collectGarbage');
      const { usedSize = 0, backingStorageSize = 0 } = await ask('Runtime.getHeapUsage');
      return (usedSize + backingStorageSize) / MIB;
    },
    [Symbol.dispose]: () => socket.close(),
  };
}

/** Returns the target of a descriptor; empty if it was closed meanwhile. */
function targetOf(descriptor: string): string {
  try {
    return readlinkSync(descriptor);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
