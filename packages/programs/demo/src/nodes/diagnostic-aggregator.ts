import type { RosMessage } from '@medkit/ros2';
import { DemoNode } from './demo-node.ts';
import { DIAGNOSTIC_LEVELS, DIAGNOSTICS_TOPIC } from './diagnostics.ts';
import { parameter } from './parameter.ts';
import type { RobotView } from './robot-view.ts';

const RATE_HZ = parameter('double', 'pub_rate', 1, {
  description: 'Rate of /diagnostics_agg in Hz',
  floatRange: { from: 0.1, to: 10, step: 0 },
});
const STALE_SEC = parameter('double', 'stale_timeout', 3, {
  description: 'Seconds without an update after which a part is stale',
  floatRange: { from: 1, to: 60, step: 0 },
});
/** Maximum number of parts: every node on the domain can send diagnostics. Further parts are ignored. */
const MAX_PARTS = 256;

interface Part {
  readonly status: RosMessage;
  readonly lastReceivedMs: number;
}

/** Aggregates /diagnostics of all drivers into a tree: publishes /diagnostics_agg at 1 Hz. */
export async function openDiagnosticAggregator(view: RobotView): Promise<DemoNode> {
  const node = await DemoNode.open(view, {
    name: 'diagnostic_aggregator',
    namespace: '/supervision',
    parameters: [RATE_HZ, STALE_SEC],
  });
  const parts = new Map<string, Part>();
  await node.subscribe(DIAGNOSTICS_TOPIC, ({ message }) => {
    const lastReceivedMs = view.clock.monotonicMs();
    for (const status of (message?.status ?? []) as readonly RosMessage[]) {
      const name = String(status.name);
      if (parts.has(name) || parts.size < MAX_PARTS) parts.set(name, { status, lastReceivedMs });
    }
  });
  const aggregate = { name: '/diagnostics_agg', type: 'diagnostic_msgs/msg/DiagnosticArray' };
  const periodMs = () => 1000 / node.parameter(RATE_HZ);
  await node.publishEvery(periodMs, aggregate, () => {
    const now = view.clock.monotonicMs();
    const staleMs = node.parameter(STALE_SEC) * 1000;
    const status = [...parts].map(([name, part]) => ({
      ...part.status,
      name: `/Robot/${name}`,
      ...(now - part.lastReceivedMs > staleMs && { level: DIAGNOSTIC_LEVELS.stale, message: 'No update' }),
    }));
    const worst = Math.max(0, ...status.map(({ level }) => Number((level as unknown) ?? 0)));
    return { header: node.header(''), status: [{ name: '/Robot', level: worst }, ...status] };
  });
  return node;
}
