import opcua from 'node-opcua-client';

/**
 * The OPC UA library's client on the same variables, `<endpoint> <items> <interval ms>`. It counts changes and does
 * nothing else, so the difference is the gateway's cost. Reports that it is ready, then the number of changes each
 * second.
 */
const { AttributeIds, MessageSecurityMode, OPCUAClient, SecurityPolicy, TimestampsToReturn } = opcua;
const [endpointUrl = '', items = '', interval = ''] = process.argv.slice(2);
const client = OPCUAClient.create({
  securityMode: MessageSecurityMode.None,
  securityPolicy: SecurityPolicy.None,
  endpointMustExist: false,
});
await client.connect(endpointUrl);
const session = await client.createSession();
const subscription = await session.createSubscription2({
  requestedPublishingInterval: Number(interval),
  requestedLifetimeCount: 1000,
  requestedMaxKeepAliveCount: 20,
  maxNotificationsPerPublish: 0,
  publishingEnabled: true,
  priority: 0,
});
let changes = 0;
const nodes = Array.from({ length: Number(items) }, (_, at) => ({
  nodeId: `ns=2;s=Load.${at}`,
  attributeId: AttributeIds.Value,
}));
for (let start = 0; start < nodes.length; start += 1000) {
  const group = await subscription.monitorItems(
    nodes.slice(start, start + 1000),
    { samplingInterval: Number(interval), queueSize: 2, discardOldest: true },
    TimestampsToReturn.Both,
  );
  group.on('changed', () => {
    changes += 1;
  });
}
process.send?.('ready');
setInterval(() => process.send?.(changes), 1000);
