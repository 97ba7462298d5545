import { access } from './access.ts';
import { beacon } from './beacon.ts';
import { blackBox } from './black-box.ts';
import { calls } from './calls.ts';
import { discovery } from './discovery.ts';
import { faultLists } from './fault-lists.ts';
import { faults } from './faults.ts';
import { figures } from './figures.ts';
import { fleetAgent } from './fleet-agent.ts';
import { fleetIngest } from './fleet-ingest.ts';
import { fleetList } from './fleet-list.ts';
import { gate } from './gate.ts';
import { gateInterference } from './gate-interference.ts';
import { graph } from './graph.ts';
import { http } from './http.ts';
import { incidents } from './incidents.ts';
import { ingest } from './ingest.ts';
import { island } from './island.ts';
import { json } from './json.ts';
import { latency } from './latency.ts';
import { limits } from './limits.ts';
import { live } from './live.ts';
import { memory } from './memory.ts';
import { merge } from './merge.ts';
import { metrics } from './metrics.ts';
import { nodeAppears } from './node-appears.ts';
import { notify } from './notify.ts';
import { opcua } from './opcua.ts';
import { pastState } from './past-state.ts';
import { peerEvents } from './peer-events.ts';
import { peers } from './peers.ts';
import { picture } from './picture.ts';
import { pipelineGraph } from './pipeline-graph.ts';
import { replay } from './replay.ts';
import { reports } from './reports.ts';
import { returning } from './returning.ts';
import { search } from './search.ts';
import { soak } from './soak.ts';
import { sse } from './sse.ts';
import { store } from './store.ts';
import { traces } from './traces.ts';
import { triggers } from './triggers.ts';
import { tunnel } from './tunnel.ts';
import { watchdog } from './watchdog.ts';
import { web } from './web.ts';
import { webhooks } from './webhooks.ts';
import { wire } from './wire.ts';

/**
 * Runs the named benchmarks, or all except the soak, which takes an hour (`SOAK_MINUTES`). Each prints its figures and
 * those of a calibrator from the same run. `figures`, optionally followed by names, compares them with the documented
 * figures.
 */
const BENCHMARKS: Readonly<Record<string, () => Promise<void>>> = {
  graph,
  memory,
  peers,
  'peer-events': peerEvents,
  'node-appears': nodeAppears,
  discovery,
  returning,
  http,
  limits,
  metrics,
  traces,
  json,
  picture,
  calls,
  latency,
  wire,
  store,
  faults,
  'fault-lists': faultLists,
  reports,
  sse,
  live,
  search,
  webhooks,
  notify,
  replay,
  triggers,
  'black-box': blackBox,
  beacon,
  'pipeline-graph': pipelineGraph,
  merge,
  incidents,
  'past-state': pastState,
  ingest,
  island,
  watchdog,
  opcua,
  gate,
  'gate-interference': gateInterference,
  'fleet-agent': fleetAgent,
  tunnel,
  'fleet-ingest': fleetIngest,
  'fleet-list': fleetList,
  access,
  web,
  soak,
};

const names = process.argv.slice(2);
if (names[0] === 'figures') process.exit((await figures(names.slice(1))) ? 0 : 1);
const unknown = names.find((name) => !(name in BENCHMARKS));
if (unknown) {
  console.error(`There is no benchmark "${unknown}": choose from ${Object.keys(BENCHMARKS).join(', ')}.`);
  process.exit(1);
}
for (const name of names.length > 0 ? names : Object.keys(BENCHMARKS).filter((name) => name !== 'soak')) {
  console.log(`# ${name}`);
  await BENCHMARKS[name]();
}
