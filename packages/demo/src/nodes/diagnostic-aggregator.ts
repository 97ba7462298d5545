import type { RosMessage } from '@medkit/ros2';
import { DemoNode } from './demo-node.ts';
import { DIAGNOSTIC_LEVELS, DIAGNOSTICS_TOPIC } from './diagnostics.ts';
import type { RobotView } from './robot-view.ts';

const PERIOD_MS = 1000;
/** A part that has not spoken for this long is stale. */
const STALE_MS = 3000;
/** Anybody on the domain can send diagnostics: beyond this many parts, new ones are left out. */
const MAX_PARTS = 256;

interface Part {
  readonly status: RosMessage;
  readonly heardMs: number;
}

/** Collects what all drivers say on /diagnostics into one tree: /diagnostics_agg at 1 Hz. */
export async function openDiagnosticAggregator(view: RobotView): Promise<DemoNode> {
  const node = await DemoNode.open(view, { name: 'diagnostic_aggregator', namespace: '/supervision' });
  const parts = new Map<string, Part>();
  await node.subscribe(DIAGNOSTICS_TOPIC, ({ message }) => {
    const heardMs = view.clock.monotonicMs();
    for (const status of (message?.status ?? []) as readonly RosMessage[]) {
      const name = String(status.name);
      if (parts.has(name) || parts.size < MAX_PARTS) parts.set(name, { status, heardMs });
    }
  });
  const aggregate = { name: '/diagnostics_agg', type: 'diagnostic_msgs/msg/DiagnosticArray' };
  await node.publishEvery(PERIOD_MS, aggregate, () => {
    const now = view.clock.monotonicMs();
    const status = [...parts].map(([name, part]) => ({
      ...part.status,
      name: `/Robot/${name}`,
      ...(now - part.heardMs > STALE_MS && { level: DIAGNOSTIC_LEVELS.stale, message: 'No update' }),
    }));
    const worst = Math.max(0, ...status.map(({ level }) => Number((level as unknown) ?? 0)));
    return { header: node.header(''), status: [{ name: '/Robot', level: worst }, ...status] };
  });
  return node;
}
