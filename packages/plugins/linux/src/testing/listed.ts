import type { ListedProcess } from '../processes/process-table.ts';

/** Returns a process as found by a survey. */
export function listed(id: number, name: string, fields: Partial<ListedProcess> = {}): ListedProcess {
  return {
    id,
    name,
    startTicks: 100,
    ticks: 0,
    atMs: 0,
    state: 'S',
    args: [`/opt/${name}`],
    percent: undefined,
    ...fields,
  };
}
