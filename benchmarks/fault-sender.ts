import { systemClock, systemFiles, systemRandom, udpDatagrams } from '@medkit/edges/node';
import { openRosAdapter, readEnvironment } from '@medkit/ros2';
import { REPORT_FAULT_TYPE, reportRequest } from '@medkit/runtime-ros2';

/** A fault to report. */
export interface FaultOrder {
  readonly code: string;
  readonly event: 'FAILED' | 'PASSED';
}

export interface FaultSent {
  /** Time before the report is sent, on the machine's monotonic clock. */
  readonly atNs: string;
}

const ERROR_SEVERITY = 2;
const TIMEOUT_MS = 5000;

/**
 * A node `/sender` that reports a fault for each order on the IPC channel, and replies when the fault manager has
 * acknowledged it.
 */
const adapter = await openRosAdapter({
  environment: readEnvironment(process.env),
  clock: systemClock,
  datagrams: udpDatagrams,
  files: systemFiles,
  random: systemRandom,
});
const node = await adapter.node({ name: 'sender' });
const client = await node.client('/fault_manager/report_fault', REPORT_FAULT_TYPE);

process.on('message', async ({ code, event }: FaultOrder) => {
  const report = { code, event, severity: ERROR_SEVERITY, description: 'it is too hot', source: node.fqn } as const;
  const atNs = String(process.hrtime.bigint());
  await client.call(reportRequest(report), { timeoutMs: TIMEOUT_MS });
  process.send?.({ atNs } satisfies FaultSent);
});
process.on('disconnect', () => process.exit(0));
while ((await client.ready()) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
process.send?.('ready');
