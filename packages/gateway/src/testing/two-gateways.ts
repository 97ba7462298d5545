import { type FaultEvent, openModel } from '@medkit/core';
import { app, area, component, fault, memoryFaults, memoryOperations, memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { testConfig } from './test-gateway.ts';
import { testServer } from './test-server.ts';

/** Name of the peer, and of the runtime with its robot. */
const PEER = 'peer_b';

/**
 * A gateway with a robot and a peer. Both robots have a node `/lidar_driver`, another node each, an area and a fault
 * manager. Each fault manager has one fault with the code `SHARED` and one other. `mute` runtimes never respond. For
 * `muting` runtimes, the fault `SHARED` is a symptom of their other fault and hidden from lists.
 */
export async function twoGateways({ mute = [] as readonly string[], muting = [] as readonly string[] } = {}) {
  const clock = new SimulatedClock();
  const log = (): void => undefined;
  /** Calls to the fault managers, as `peer_b clear SHARED`. */
  const calls: string[] = [];
  /** Fault events of each robot, by the name of its runtime. */
  const events: Readonly<Record<string, FaultEvent[]>> = { ros2: [], [PEER]: [] };
  const robot = (name: string, second: string, otherFault: string) => {
    const at = (nativeId: string) => ({ node: nativeId, aliases: [nativeId], address: { runtime: name, nativeId } });
    const onCall = () => (mute.includes(name) ? new Promise<void>(() => undefined) : undefined);
    return memoryRuntime({
      name,
      ...(name === PEER && { origin: name }),
      areas: [area('hall')],
      components: [component(`${name}_host`, { areaId: 'hall' })],
      apps: ['lidar_driver', second].map((id) => app(id, { componentId: `${name}_host`, ...at(`/${id}`) })),
      data: { '/lidar_driver': { '/scan': { value: { of: name } } } },
      ...(name !== PEER && { records: { isEntity: () => true } }),
      onCall,
      providers: {
        operations: memoryOperations({ '/lidar_driver': { reset: { answer: () => name } } }, onCall),
        faults: memoryFaults({
          events: events[name] ?? [],
          faults: [fault('SHARED', { description: `of ${name}` }), fault(otherFault)],
          ...(muting.includes(name) && {
            muted: [{ faultCode: 'SHARED', rootCauseCode: otherFault, ruleId: 'rule', delayMs: 0 }],
          }),
          onCall: (method, code = '') => {
            calls.push(`${name} ${method} ${code}`.trim());
            return onCall();
          },
        }),
      },
    });
  };
  const mine = robot('ros2', 'planner', 'MINE');
  const peer = robot(PEER, 'gripper', 'THEIRS');
  const model = await openModel({ runtimes: [mine, peer], clock, log });
  const config = await testConfig({ bulk_data: { categories: ['maps'] } });
  const server = await testServer({ config, model, clock, log });
  const ask = async (method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, payload?: object, client = 'alice') => {
    const url = `/api/v1${path}`;
    const reply = await server.inject({ method, url, headers: { 'x-client-id': client }, ...(payload && { payload }) });
    return { status: reply.statusCode, body: reply.payload === '' ? undefined : reply.json() };
  };
  return {
    clock,
    model,
    mine,
    peer,
    events,
    calls,
    server,
    ask,
    close: async () => {
      await server.close();
      await model.close();
    },
  };
}
