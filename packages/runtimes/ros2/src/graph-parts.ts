import { splitNodeName } from '@medkit/core/discovery';
import type { RosMessage } from '@medkit/ros2';
import { openFaultBridges } from './bridges/fault-bridges.ts';
import { RosConfigurations } from './configurations/ros-configurations.ts';
import { ColdWaits } from './data/cold-waits.ts';
import { PublisherPool } from './data/publisher-pool.ts';
import { RosData } from './data/ros-data.ts';
import { sampleDecoder } from './data/sample-decoder.ts';
import { TaskMeter } from './data/task-meter.ts';
import { TopicPool } from './data/topic-pool.ts';
import { TopicWatches } from './data/topic-watches.ts';
import { TypeInfos } from './data/type-infos.ts';
import { openEvidence } from './evidence/open-evidence.ts';
import { faultManagerNames } from './faults/fault-manager-names.ts';
import { RosFaults } from './faults/ros-faults.ts';
import { GraphView } from './graph/graph-view.ts';
import { NewNodes } from './graph/new-nodes.ts';
import type { JoinOptions } from './join-options.ts';
import { RosLifecycle } from './lifecycle/ros-lifecycle.ts';
import { type RosLogs, rosLogs } from './logs/ros-logs.ts';
import { MedkitNodes } from './medkit-nodes/medkit-nodes.ts';
import { openOperations } from './operations/open-operations.ts';
import { openPictures } from './pictures/pictures.ts';

/** The parts of a runtime that has joined a graph. */
export type GraphParts = Awaited<ReturnType<typeof openGraphParts>>;

/** Opens the parts in an order in which each needs only earlier ones. `opening` closes them in reverse order. */
export async function openGraphParts(
  options: JoinOptions,
  { opening, medkitNodesChanged }: { opening: AsyncDisposableStack; readonly medkitNodesChanged: () => void },
) {
  const { adapter, clock, settings, runtimeHost } = options;
  const { operationChanged, serviceCalled, record, log } = runtimeHost;
  const open = <Part extends { close(): Promise<void> }>(part: Part): Part =>
    opening.adopt(part, (opened) => opened.close());
  const medkitNodes = new MedkitNodes({ adapter, clock, log, changed: medkitNodesChanged, onLogged: record });
  const node = open(await medkitNodes.open(splitNodeName(settings.node)));
  const view = new GraphView(medkitNodes);
  const newNodes = new NewNodes({ view, clock });
  const typeInfos = new TypeInfos({ adapter, clock, log });
  const meter = new TaskMeter({ clock, slowMs: settings.slowTaskMs });
  const coldWaits = new ColdWaits({ clock, settings });
  const pool = open(new TopicPool({ node, clock, log, settings, decode: sampleDecoder(adapter, meter) }));
  const watches = open(new TopicWatches({ pool, view, log }));
  const pictures = openPictures();
  const publishers = open(new PublisherPool({ node, clock, log }));
  const shared = { adapter, node, view, newNodes, typeInfos, clock, log, settings };
  const data = new RosData({ ...shared, pool, watches, coldWaits, publishers, pictures });
  const configurations = open(new RosConfigurations(shared));
  const lifecycle = open(new RosLifecycle(shared));
  const operations = open(
    openOperations({ ...shared, random: options.random, changed: operationChanged, serviceCalled }),
  );
  const lines: RosLogs['between'] = (...of) => logs.between(...of);
  const faultParts = openFaultParts(options, { ...shared, medkitNodes, pool, lines, open });
  const { bridges } = faultParts;
  const onMessage = bridges && ((message: RosMessage, gid: string) => bridges.logged(message, gid));
  const logs = open(rosLogs({ node, log, host: runtimeHost, ...(onMessage && { onMessage }) }));
  const topics = { meter, coldWaits, pool, watches, pictures, data };
  return { medkitNodes, node, view, newNodes, ...topics, configurations, lifecycle, operations, ...faultParts, logs };
}

/** Opens what connects the graph to the faults of the gateway; nothing if it takes no part in fault management. */
function openFaultParts(
  { name, adapter, clock, random, faults: keeping, runtimeHost: { log } }: JoinOptions,
  { node, view, medkitNodes, pool, lines, open }: FaultSurroundings,
) {
  if (!keeping) return {};
  const sources = open(openEvidence({ node, adapter, view, pool, clock, log, logged: lines }));
  const faults = open(new RosFaults({ ...keeping, name, medkitNodes, node, view, sources, clock, random, log }));
  const bridges = open(
    openFaultBridges(
      {
        node,
        view,
        adapter,
        clock,
        random,
        log,
        report: (report) => keeping.host.report({ ...report, runtime: name }),
        amend: (report) => keeping.host.amend(report),
        standing: (code, about) => keeping.host.standing(code, about),
        manager: faultManagerNames(keeping.settings.namespace),
      },
      keeping.bridges,
    ),
  );
  return { sources, faults, bridges };
}

interface FaultSurroundings {
  readonly node: Awaited<ReturnType<MedkitNodes['open']>>;
  readonly view: GraphView;
  readonly medkitNodes: MedkitNodes;
  readonly pool: TopicPool;
  readonly lines: RosLogs['between'];
  readonly open: <Part extends { close(): Promise<void> }>(part: Part) => Part;
}
