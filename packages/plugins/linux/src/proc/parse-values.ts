const BYTES_PER_KIB = 1024;

/** `VmRSS: 5120 kB` of `/proc/<pid>/status` in octets; `undefined` where it has none, as threads of the kernel. */
export function statusBytes(status: string, name: 'VmRSS' | 'VmSize'): number | undefined {
  const kib = numberBehind(status, new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm'));
  return kib === undefined ? undefined : kib * BYTES_PER_KIB;
}

/** A counter of `/proc/<pid>/io`. */
export function ioBytes(io: string, name: 'read_bytes' | 'write_bytes'): number | undefined {
  return numberBehind(io, new RegExp(`^${name}: (\\d+)$`, 'm'));
}

/** The soft limit of open files in `/proc/<pid>/limits`; `undefined` where there is no limit. */
export function openFilesLimit(limits: string): number | undefined {
  return numberBehind(limits, /^Max open files\s+(\d+)\s/m);
}

/** Seconds since the start of the machine, from `/proc/uptime`. */
export function uptimeSeconds(uptime: string): number | undefined {
  return numberBehind(uptime, /^(\d+(?:\.\d+)?)\s/);
}

function numberBehind(text: string, pattern: RegExp): number | undefined {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}
