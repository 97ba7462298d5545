import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface LoadResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const run = promisify(execFile);
const WRK = '/usr/bin/wrk';

/**
 * Sends requests on sixteen connections for two seconds, with wrk if it is installed, because it leaves more processor
 * time to the server.
 */
export async function flood(url: string, close: boolean): Promise<number> {
  if (!existsSync(WRK)) return (await load(url, ...(close ? ['--close'] : []))).perSecond;
  const args = ['-t1', '-c16', '-d2s', ...(close ? ['-H', 'Connection: close'] : []), url];
  const { stdout } = await run(WRK, args);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
}

/** Like `flood`, and also returns the cost of each request in the answering process. */
export async function floodOf(url: string, pid: number, close: boolean) {
  const before = cpuMs(pid);
  const perSecond = await flood(url, close);
  return { perSecond, cpuMsPerRequest: (cpuMs(pid) - before) / perSecond };
}

/** Runs the medkit load generator against `url` in a separate process: it measures the latency of every request. */
export async function load(url: string, ...options: readonly string[]): Promise<LoadResult> {
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'load.ts'), '--url', url, ...options]);
  return JSON.parse(stdout);
}

/** Resident memory of a process, MB. */
export const residentMb = (pid: number): number => memoryMb(pid, 'status', 'VmRSS');

/** Resident memory without file mappings: what the process has allocated itself. */
export const anonymousMb = (pid: number): number => memoryMb(pid, 'smaps_rollup', 'Anonymous');

/** Proportional memory: shared pages are divided by the number of processes that share them. */
export const proportionalMb = (pid: number): number => memoryMb(pid, 'smaps_rollup', 'Pss');

function memoryMb(pid: number, file: string, field: string): number {
  const kb = new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/${file}`, 'utf8'))?.[1];
  return Number(kb) / 1024;
}

/** Processor time of a process so far, milliseconds. */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Processor time of the current threads of a process, with nanosecond resolution, milliseconds. */
export function onCpuMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const spentNs = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  return spentNs.reduce((sum, ns) => sum + Number(ns), 0) / 1e6;
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Formats the median of all rounds and each round. */
export const formatRounds = (values: readonly number[]): string =>
  `${median(values).toFixed(2)} (${values.map((value) => value.toFixed(2)).join(' ')})`;
