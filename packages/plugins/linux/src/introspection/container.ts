import { SovdError } from '@medkit/contract';
import type { JsonObject } from '@medkit/core';
import Type from 'typebox';
import { cgroupPaths } from '../proc/cgroup-paths.ts';
import type { ProcFolder } from '../proc/proc-folder.ts';
import { type Container, containerOf, cpuLimit, memoryLimit } from './container-of.ts';
import type { Introspection } from './introspection.ts';

const ContainerFacts = Type.Object({
  container_id: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Full id of the container' }),
  runtime: Type.String({ description: '`docker`, `podman` or `containerd`' }),
  memory_limit_bytes: Type.Optional(Type.Integer({ description: 'Absent without a limit' })),
  cpu_quota_us: Type.Optional(Type.Integer({ description: 'CPU time per period; absent without a limit' })),
  cpu_period_us: Type.Optional(Type.Integer({ description: 'Period of the quota' })),
});

/** The container of a process and its limits. Supports cgroup v2 with the group names of the container engines. */
export function container(proc: ProcFolder): Introspection {
  return {
    resource: 'x-medkit-container',
    cap: 'Container',
    summary: 'Container',
    description: 'Container in which it runs and the limits of that container, from its control group',
    schema: ContainerFacts,
    list: 'containers',
    key: 'container_id',
    errors: ['x-medkit-not-containerized', 'x-medkit-cgroup-read-failed'],
    has: async ({ id }) => {
      const text = await proc.text(id, 'cgroup');
      return text !== undefined && containerIn(text) !== undefined;
    },
    read: async ({ id }) => {
      const text = await proc.text(id, 'cgroup');
      const parameters = { pid: id };
      if (text === undefined) {
        const message = `Cannot read the control group of process ${id}: it has ended, or /proc hides it`;
        throw new SovdError({ code: 'x-medkit-cgroup-read-failed', message, parameters });
      }
      const found = containerIn(text);
      if (!found) {
        const message = `Process ${id} is in no container of Docker, Podman or containerd`;
        throw new SovdError({ code: 'x-medkit-not-containerized', message, parameters });
      }
      return facts(proc, found);
    },
  };
}

function containerIn(cgroup: string): Container | undefined {
  const { unified } = cgroupPaths(cgroup);
  // A process outside medkit's cgroup namespace: its path leads out of what is mounted here.
  return unified === undefined || unified.split('/').includes('..') ? undefined : containerOf(unified);
}

async function facts(proc: ProcFolder, { id, runtime, cgroup }: Container): Promise<JsonObject> {
  const [memory, cpu] = await Promise.all([
    proc.machineText(`/sys/fs/cgroup${cgroup}/memory.max`),
    proc.machineText(`/sys/fs/cgroup${cgroup}/cpu.max`),
  ]);
  const memoryBytes = memoryLimit(memory ?? '');
  const { quotaUs, periodUs } = cpuLimit(cpu ?? '');
  return {
    container_id: id,
    runtime,
    ...(memoryBytes !== undefined && { memory_limit_bytes: memoryBytes }),
    ...(quotaUs !== undefined && { cpu_quota_us: quotaUs }),
    ...(periodUs !== undefined && { cpu_period_us: periodUs }),
  };
}
