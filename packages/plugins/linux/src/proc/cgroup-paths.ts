/** Where a process stands in the hierarchies of control groups. */
export interface CgroupPaths {
  /** In that of cgroup v2. */
  readonly unified: string | undefined;
  /** In the one that systemd keeps where it uses cgroup v1. */
  readonly systemd: string | undefined;
}

/** Reads `/proc/<pid>/cgroup` (cgroups(7)): lines of `hierarchy:controllers:path`. */
export function cgroupPaths(text: string): CgroupPaths {
  const pathBehind = (head: RegExp) => head.exec(text)?.[1];
  return { unified: pathBehind(/^0::(\/.*)$/m), systemd: pathBehind(/^\d+:name=systemd:(\/.*)$/m) };
}
