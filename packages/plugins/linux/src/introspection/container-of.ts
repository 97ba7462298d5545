/** A container, identified by its control group. */
export interface Container {
  /** 64 hex digits. */
  readonly id: string;
  readonly runtime: 'docker' | 'podman' | 'containerd';
  /** Path of its control group: that of the process or of a parent. */
  readonly cgroup: string;
}

/**
 * Names of container groups in cgroup v2: `docker-<id>.scope` or `docker/<id>`, `libpod-<id>`, `cri-containerd-<id>`.
 */
const PATTERN =
  /^(?<cgroup>.*?\/(?:(?<docker>docker[-/])|(?<podman>libpod-)|(?<containerd>cri-containerd-))(?<id>[0-9a-f]{64})(?:\.scope)?)(?:\/|$)/;

/** Returns the container of a control group; `undefined` if it does not belong to one. */
export function containerOf(path: string): Container | undefined {
  const { cgroup, id, docker, podman } = PATTERN.exec(path)?.groups ?? {};
  if (id === undefined) return undefined;
  return { id, cgroup, runtime: docker ? 'docker' : podman ? 'podman' : 'containerd' };
}

/** Parses `cpu.max`: a quota, or `max` for none, and its period, in microseconds. */
export function cpuLimit(text: string): { readonly quotaUs?: number; readonly periodUs?: number } {
  const [, quota, period] = /^(max|\d+)(?: (\d+))?\s*$/.exec(text) ?? [];
  return {
    ...(quota !== undefined && quota !== 'max' && { quotaUs: Number(quota) }),
    ...(period !== undefined && { periodUs: Number(period) }),
  };
}

/** Parses `memory.max` in bytes; `undefined` for `max`, which means no limit. */
export function memoryLimit(text: string): number | undefined {
  return /^\d+\s*$/.test(text) ? Number(text) : undefined;
}
