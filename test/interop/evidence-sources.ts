import { hostname } from 'node:os';
import { systemClock, systemFiles, systemRandom } from '@medkit/edges/node';
import { type EvidenceSources, LocalFaults } from '@medkit/faults';
import type { RosAdapter } from '@medkit/ros2';
import { ros2Runtime } from '@medkit/runtime-ros2';

/** Opens medkit's sources of evidence for a fault manager on this adapter. They close with their scope. */
export async function openEvidenceSources(adapter: RosAdapter): Promise<EvidenceSources & AsyncDisposable> {
  const nothing = () => undefined;
  const provided = Promise.withResolvers<EvidenceSources>();
  const host = new LocalFaults({
    openManager: async (sources) => {
      provided.resolve(sources);
      throw new Error('this test is its own fault manager');
    },
    clock: systemClock,
    log: nothing,
  });
  const runtime = ros2Runtime({
    adapter,
    clock: systemClock,
    random: systemRandom,
    host: { hostname: hostname(), osName: 'Linux', machine: 'x86_64' },
    faults: {
      settings: { mode: 'own', namespace: '', serviceTimeoutMs: 5000 },
      bridges: {},
      files: systemFiles,
      host,
    },
  });
  await runtime.start({
    changed: nothing,
    dataChanged: nothing,
    record: nothing,
    recorded: () => [],
    faultChanged: nothing,
    operationChanged: nothing,
    serviceCalled: nothing,
    configurationChanged: nothing,
    log: nothing,
  });
  return {
    ...(await provided.promise),
    [Symbol.asyncDispose]: async () => {
      await host.close();
      await runtime.stop();
    },
  };
}
