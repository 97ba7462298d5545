/** Paths of a process in the control group hierarchies. */
export interface CgroupPaths {
  /** In cgroup v2. */
  readonly unified: string | undefined;
  /** In the hierarchy of systemd with cgroup v1. */
  readonly systemd: string | undefined;
}

/** Parses `/proc/<pid>/cgroup` (cgroups(7)): lines of `hierarchy:controllers:path`. */
export function cgroupPaths(text: string): CgroupPaths {
  const pathBehind = (head: RegExp) => head.exec(text)?.[1];
  return { unified: pathBehind(/^0::(\/.*)$/m), systemd: pathBehind(/^\d+:name=systemd:(\/.*)$/m) };
}
