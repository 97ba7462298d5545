const BYTES_PER_KIB = 1024;

/** Parses `VmRSS: 5120 kB` of `/proc/<pid>/status` to bytes; `undefined` if absent, as for kernel threads. */
export function statusBytes(status: string, name: 'VmRSS' | 'VmSize'): number | undefined {
  const kib = numberBehind(status, new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm'));
  return kib === undefined ? undefined : kib * BYTES_PER_KIB;
}

/** Parses a counter of `/proc/<pid>/io`. */
export function ioBytes(io: string, name: 'read_bytes' | 'write_bytes'): number | undefined {
  return numberBehind(io, new RegExp(`^${name}: (\\d+)$`, 'm'));
}

/** Parses the soft limit of open files in `/proc/<pid>/limits`; `undefined` if there is no limit. */
export function openFilesLimit(limits: string): number | undefined {
  return numberBehind(limits, /^Max open files\s+(\d+)\s/m);
}

/** Parses the seconds since boot in `/proc/uptime`. */
export function uptimeSeconds(uptime: string): number | undefined {
  return numberBehind(uptime, /^(\d+(?:\.\d+)?)\s/);
}

function numberBehind(text: string, pattern: RegExp): number | undefined {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}
