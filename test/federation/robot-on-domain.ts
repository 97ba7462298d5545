import { systemClock } from '@medkit/edges/node';
import { openParameterServer } from '@medkit/ros2';
import { openAdapter } from '../interop/open-adapter.ts';

const REPORT = { service: '/fault_manager/report_fault', type: 'ros2_medkit_msgs/srv/ReportFault' };
/** ros2_medkit_msgs/srv/ReportFault: a failure with severity ERROR. */
const FAILED = { event_type: 0, severity: 2 };
const PERIOD_MS = 100;

/** Nodes on a domain: each publishes its temperature all the time, has a parameter `limit`, and may report faults. */
export interface RobotOnDomain {
  report(code: string, source: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts nodes by name, each with the temperature that it publishes, which is also its limit. */
export async function startRobot(domainId: number, nodes: Readonly<Record<string, number>>): Promise<RobotOnDomain> {
  const adapter = await openAdapter({ domainId });
  const opened = await Promise.all(
    Object.entries(nodes).map(async ([name, data]) => {
      const node = await adapter.node({ name });
      const declarations = [{ name: 'limit', value: { type: 'double', value: data } }] as const;
      await openParameterServer(node, { clock: systemClock, declarations });
      const temperature = await node.publisher(`/${name}/temperature`, 'std_msgs/msg/Float64');
      return { node, publish: () => void temperature.publish({ data }) };
    }),
  );
  const timer = setInterval(() => {
    for (const { publish } of opened) publish();
  }, PERIOD_MS);
  return {
    async report(code, source) {
      const client = await opened[0]?.node.client(REPORT.service, REPORT.type);
      const request = { ...FAILED, fault_code: code, description: `${code} of ${source}`, source_id: source };
      await client?.call(request, { timeoutMs: 10_000 });
    },
    async close() {
      clearInterval(timer);
      await adapter.close();
    },
  };
}
