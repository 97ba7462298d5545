import type { ProgramEnd, ProgramRun, Programs, Signals } from '@medkit/edges';
import { MemoryFiles } from '@medkit/edges/testing';
import type { Machine } from '../machine.ts';
import type { ProcFiles } from '../proc/proc-folder.ts';

export interface FakeProcess {
  readonly name?: string;
  readonly args?: readonly string[];
  readonly state?: string;
  readonly parentId?: number;
  readonly userTicks?: number;
  readonly systemTicks?: number;
  readonly threads?: number;
  readonly startTicks?: number;
  readonly cgroup?: string;
  readonly exe?: string;
  readonly openFiles?: number;
}

/** Returns the text of `/proc/<pid>/stat`. */
export function statText(id: number, process: FakeProcess = {}): string {
  const {
    name = 'node',
    state = 'S',
    parentId = 1,
    userTicks = 0,
    systemTicks = 0,
    threads = 1,
    startTicks = 100,
  } = process;
  const before = `${state} ${parentId} ${id} ${id} 0 -1 4194560 100 0 0 0 ${userTicks} ${systemTicks} 0 0 20 0`;
  return `${id} (${name}) ${before} ${threads} 0 ${startTicks} 5242880 1280 18446744073709551615 1 1 0`;
}

/** A machine with fake processes, systemd and signals. */
export class FakeMachine implements Machine {
  readonly #texts = new MemoryFiles({
    '/proc/uptime': '1000.50 3000.00\n',
    '/proc/sys/kernel/hostname': 'robot\n',
    '/etc/os-release': 'PRETTY_NAME="Robot OS 1"\n',
  });
  readonly #exes = new Map<string, string>();
  readonly gatewayProcessIds = [900, 901];
  /** Paths that were read, in order. */
  readonly reads: string[] = [];
  /** Paths that only another user may read. */
  readonly denied = new Set<string>();
  readonly runs: ProgramRun[] = [];
  /** Answer of `systemctl`. */
  systemctl: (args: readonly string[]) => ProgramEnd = () => ({ outcome: 'missing' });
  readonly sent: string[] = [];
  signal: ReturnType<Signals['send']> = 'sent';

  readonly files: ProcFiles = {
    readText: async (path) => {
      this.#read(path);
      return this.#texts.readText(path);
    },
    list: async (path) => {
      this.#read(path);
      return this.#texts.list(path);
    },
    stateOf: async (path) => {
      this.#read(path);
      return this.#texts.stateOf(path);
    },
    readLink: async (path) => {
      this.#read(path);
      return this.#exes.get(path);
    },
  };
  readonly programs: Pick<Programs, 'run'> = {
    run: async (run) => {
      this.runs.push(run);
      return this.systemctl(run.args);
    },
  };
  readonly signals: Signals = {
    send: (id, signal) => {
      if (this.signal === 'sent') this.sent.push(`${signal} ${id}`);
      return this.signal;
    },
  };

  write(path: string, text: string): void {
    this.#texts.put(path, text);
  }

  remove(path: string): void {
    void this.#texts.remove(path);
  }

  /** Starts a process, or changes a running one. */
  run(id: number, process: FakeProcess = {}): void {
    const { args = ['/opt/node'], cgroup = '0::/\n', exe, openFiles = 3 } = process;
    this.write(`/proc/${id}/stat`, statText(id, process));
    this.write(`/proc/${id}/cmdline`, args.map((argument) => `${argument}\0`).join(''));
    this.write(`/proc/${id}/status`, 'Name:\tnode\nVmSize:\t    8192 kB\nVmRSS:\t    5120 kB\nThreads:\t1\n');
    this.write(
      `/proc/${id}/io`,
      'rchar: 6976\nwchar: 1\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 0\n',
    );
    this.write(
      `/proc/${id}/limits`,
      'Limit  Soft Limit  Hard Limit  Units\nMax open files            1024                 4096                 files     \n',
    );
    this.write(`/proc/${id}/cgroup`, cgroup);
    for (let fd = 0; fd < openFiles; fd++) this.write(`/proc/${id}/fd/${fd}`, '');
    if (exe !== undefined) this.#exes.set(`/proc/${id}/exe`, exe);
  }

  /** Ends a process. */
  async end(id: number): Promise<void> {
    for (const { name } of await this.#texts.list(`/proc/${id}/fd`)) this.remove(`/proc/${id}/fd/${name}`);
    for (const { name } of await this.#texts.list(`/proc/${id}`)) this.remove(`/proc/${id}/${name}`);
    this.#exes.delete(`/proc/${id}/exe`);
  }

  #read(path: string): void {
    this.reads.push(path);
    if (this.denied.has(path)) {
      throw Object.assign(new Error(`EACCES: permission denied, open '${path}'`), { code: 'EACCES' });
    }
  }
}
