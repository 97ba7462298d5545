import type { Warning } from '@medkit/core';
import type { RosEndpoint } from '@medkit/ros2';

/** Services that one warning names; further ones are counted. */
const MAX_NAMED = 3;

/**
 * Warns about services that several nodes offer; one warning for all services that the same nodes share. Two nodes with
 * the same name have a separate warning.
 */
export function duplicateServices(
  servers: Iterable<RosEndpoint>,
  appIdOf: (fqn: string) => string | undefined,
): readonly Warning[] {
  const nodesByService = new Map<string, Set<string>>();
  for (const { name, role, node } of servers) {
    if (role !== 'service' || node === undefined) continue;
    const nodes = nodesByService.get(name) ?? new Set();
    nodesByService.set(name, nodes.add(node));
  }
  const servicesByNodes = new Map<string, string[]>();
  for (const [service, nodes] of nodesByService) {
    if (nodes.size < 2) continue;
    const key = [...nodes].sort().join(' ');
    const services = servicesByNodes.get(key) ?? [];
    servicesByNodes.set(key, services);
    services.push(service);
  }
  return Array.from(servicesByNodes, ([key, services]): Warning => {
    const nodeFqns = key.split(' ');
    const entityIds = nodeFqns.flatMap((fqn) => appIdOf(fqn) ?? []);
    const named = services.sort().slice(0, MAX_NAMED).join(', ');
    const more = services.length > MAX_NAMED ? ` and ${services.length - MAX_NAMED} more` : '';
    return {
      code: 'duplicate_service',
      message: `${nodeFqns.join(' and ')} all offer ${named}${more}: medkit calls the service of the requested app, but other callers may reach any of them. Give each service a unique name.`,
      ...(entityIds.length > 0 && { entityIds }),
      nodes: nodeFqns,
    };
  });
}
