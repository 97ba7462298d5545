import { openAdapter } from '../interop/open-adapter.ts';

const REPORT = { service: '/fault_manager/report_fault', type: 'ros2_medkit_msgs/srv/ReportFault' };
/** ros2_medkit_msgs/srv/ReportFault.event_type */
const EVENT = { failed: 0, passed: 1 } as const;
const ERROR = 2;
const PERIOD_MS = 100;
const CALL = { timeoutMs: 10_000 };

/**
 * One node `/motor`: it publishes its current continuously, has a temperature that is never published, and reports
 * faults.
 */
export interface MotorRobot extends AsyncDisposable {
  /** Sets the published current, amperes. */
  current(amperes: number): void;
  report(code: string, event: keyof typeof EVENT, times: number): Promise<void>;
}

export async function startMotor(domainId: number): Promise<MotorRobot> {
  const adapter = await openAdapter({ domainId });
  const node = await adapter.node({ name: 'motor' });
  const current = await node.publisher('/motor/current', 'std_msgs/msg/Float64');
  await node.publisher('/motor/temperature', 'std_msgs/msg/Float64');
  const client = await node.client(REPORT.service, REPORT.type);
  let amperes = 1;
  const timer = setInterval(() => void current.publish({ data: amperes }), PERIOD_MS);
  return {
    current(wanted) {
      amperes = wanted;
    },
    async report(code, event, times) {
      for (let time = 0; time < times; time += 1) {
        const description = `The motor says ${code}`;
        const request = {
          fault_code: code,
          event_type: EVENT[event],
          severity: ERROR,
          description,
          source_id: '/motor',
        };
        await client.call(request, CALL);
      }
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await adapter.close();
    },
  };
}
