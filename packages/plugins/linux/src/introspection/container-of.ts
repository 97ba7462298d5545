/** A container as its control group names it. */
export interface Container {
  /** 64 hex digits. */
  readonly id: string;
  readonly runtime: 'docker' | 'podman' | 'containerd';
  /** Path of its control group: that of the process or one above it. */
  readonly cgroup: string;
}

/**
 * How the engines name the groups of containers in cgroup v2: `docker-<id>.scope` or `docker/<id>`, `libpod-<id>`,
 * `cri-containerd-<id>`.
 */
const PATTERN =
  /^(?<cgroup>.*?\/(?:(?<docker>docker[-/])|(?<podman>libpod-)|(?<containerd>cri-containerd-))(?<id>[0-9a-f]{64})(?:\.scope)?)(?:\/|$)/;

/** The container of a control group; `undefined` where it is that of none. */
export function containerOf(path: string): Container | undefined {
  const { cgroup, id, docker, podman } = PATTERN.exec(path)?.groups ?? {};
  if (id === undefined) return undefined;
  return { id, cgroup, runtime: docker ? 'docker' : podman ? 'podman' : 'containerd' };
}

/** `cpu.max`: a quota, or `max` for none, and the period that it is of, in microseconds. */
export function cpuLimit(text: string): { readonly quotaUs?: number; readonly periodUs?: number } {
  const [, quota, period] = /^(max|\d+)(?: (\d+))?\s*$/.exec(text) ?? [];
  return {
    ...(quota !== undefined && quota !== 'max' && { quotaUs: Number(quota) }),
    ...(period !== undefined && { periodUs: Number(period) }),
  };
}

/** `memory.max` in octets; `undefined` for `max`, which is no limit. */
export function memoryLimit(text: string): number | undefined {
  return /^\d+\s*$/.test(text) ? Number(text) : undefined;
}
