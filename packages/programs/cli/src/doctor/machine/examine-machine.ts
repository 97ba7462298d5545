import { type Clock, type Programs, within } from '@medkit/edges';
import { ddsSockets, withPrograms } from './dds-sockets.ts';
import type { Link, MachineFacts } from './machine-facts.ts';
import { type MachineFiles, namesIn, rosProcesses, textOf } from './proc-folder.ts';
import { LISTENING, readLostDatagrams, readSockets } from './proc-net.ts';

export interface MachineEdges extends MachineFiles {
  readonly clock: Clock;
  readonly programs: Pick<Programs, 'run'>;
  /** Free bytes below a folder, and the folder that was examined: the nearest existing one. */
  readonly freeSpace: (folder: string) => Promise<MachineFacts['disk']>;
}

export interface MachineOptions {
  readonly edges: MachineEdges;
  readonly dataFolder: string;
  /** Id of this process, which is skipped. */
  readonly currentPid: number;
}

/** Flags of an interface (linux/if.h). */
const UP = 0x1;
const LOOPBACK = 0x8;
const MULTICAST = 0x1000;

/** Timeout of an examination: a process stuck in the kernel or an unreachable file server would block it forever. */
const LOOK_WITHIN_MS = 5000;

const TIMEDATECTL = {
  program: 'timedatectl',
  args: ['show', '--property=NTPSynchronized', '--value'],
  timeoutMs: 1000,
  maxOutputBytes: 1024,
};

/**
 * Examines the machine now, and again when the returned function is called, to find changes in between. Call it before joining
 * the network, so that it sees no socket of this process. Without `/proc` it finds nothing.
 */
export async function examineMachine({
  edges,
  dataFolder,
  currentPid,
}: MachineOptions): Promise<() => Promise<MachineFacts>> {
  const { clock } = edges;
  const inTime = <T, Otherwise>(look: Promise<T>, otherwise: Otherwise) =>
    within<T | Otherwise>(clock, LOOK_WITHIN_MS, look, () => otherwise);
  const lost = async () => readLostDatagrams(await textOf(edges, '/proc/net/snmp'));
  // Offset of the wall clock to the monotonic clock. Constant unless the clock is set.
  const ahead = () => clock.wallMs() - clock.monotonicMs();
  const [lostBefore, aheadBefore] = [await lost(), ahead()];
  const sockets = ddsSockets(readSockets(await textOf(edges, '/proc/net/udp')));
  const [processes, tcp, tcp6, sharedMemory, links, synchronised, disk] = await Promise.all([
    inTime(rosProcesses(edges, new Set(sockets.map(({ inode }) => inode)), currentPid), []),
    textOf(edges, '/proc/net/tcp'),
    textOf(edges, '/proc/net/tcp6'),
    namesIn(edges, '/dev/shm'),
    linksThatAreUp(edges),
    isSynchronised(edges.programs),
    inTime(edges.freeSpace(dataFolder), undefined),
  ]);
  const listening = [...readSockets(tcp), ...readSockets(tcp6)].filter(({ state }) => state === LISTENING);
  return async () => ({
    sockets: withPrograms(sockets, processes),
    processes,
    listening: new Set(listening.map(({ port }) => port)),
    sharedMemory,
    links,
    disk,
    lostDatagrams: (await lost()) - lostBefore,
    clock: { nowMs: clock.wallMs(), jumpedMs: ahead() - aheadBefore, synchronised },
  });
}

async function linksThatAreUp(machine: MachineFiles): Promise<readonly Link[]> {
  const names = await namesIn(machine, '/sys/class/net');
  const links = await Promise.all(
    names.map(async (name) => {
      const of = async (file: string) => Number(await textOf(machine, `/sys/class/net/${name}/${file}`));
      const [flags, mtu] = [await of('flags'), await of('mtu')];
      return { name, mtu, flags };
    }),
  );
  return links
    .filter(({ flags }) => (flags & UP) !== 0)
    .map(({ name, mtu, flags }) => ({
      name,
      mtu,
      loopback: (flags & LOOPBACK) !== 0,
      multicast: (flags & MULTICAST) !== 0,
    }));
}

async function isSynchronised(programs: Pick<Programs, 'run'>): Promise<boolean | undefined> {
  const end = await programs.run(TIMEDATECTL);
  const said = end.outcome === 'exited' && end.code === 0 ? end.output.trim() : '';
  return { yes: true, no: false }[said];
}
