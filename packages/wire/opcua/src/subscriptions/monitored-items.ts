import type { SessionChannel } from '../channel/session-channel.ts';
import { nodeIdOf } from '../values/node-ids.ts';
import { qualityOf, statusName } from '../values/status.ts';

/** An item to monitor, with its handle in notifications. */
export interface MonitoredItem {
  readonly nodeId: string;
  readonly attributeId: number;
  readonly clientHandle: number;
  readonly samplingIntervalMs: number;
  readonly queueSize: number;
  readonly filter?: object;
}

/** Adds items to a subscription. Returns the refused items by handle, with the server's reasons. */
export async function monitorItems(
  session: SessionChannel,
  subscriptionId: number,
  items: readonly MonitoredItem[],
): Promise<ReadonlyMap<number, string>> {
  const { library } = session;
  const requests = items.map(({ nodeId, attributeId, clientHandle, samplingIntervalMs, queueSize, filter }) => ({
    itemToMonitor: { nodeId: nodeIdOf(library, nodeId), attributeId },
    monitoringMode: library.MonitoringMode.Reporting,
    requestedParameters: { clientHandle, samplingInterval: samplingIntervalMs, queueSize, discardOldest: true, filter },
  }));
  const results = await session.askInParts(requests, session.limits.monitor, async (itemsToCreate) => {
    const request = new library.CreateMonitoredItemsRequest({
      subscriptionId,
      timestampsToReturn: library.TimestampsToReturn.Source,
      itemsToCreate: itemsToCreate as never,
    });
    return (await session.ask(request, library.CreateMonitoredItemsResponse)).results;
  });
  const refused = new Map<number, string>();
  for (const [index, { statusCode }] of results.entries()) {
    const { value } = statusCode;
    if (qualityOf(value) === 'bad') refused.set(items[index]!.clientHandle, statusName(library, value));
  }
  return refused;
}
