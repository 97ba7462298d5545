import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '@medkit/edges/node';
import { startPlc } from '../../packages/programs/plc/src/index.ts';
import { SecureChannel } from '../../packages/wire/opcua/src/channel/secure-channel.ts';
import { loadOpcua } from '../../packages/wire/opcua/src/opcua-library.ts';
import { PlcRefused } from '../../packages/wire/opcua/src/plc-error.ts';

test('an unencodable value is refused, and the channel continues and closes normally', async (context) => {
  const plc = await startPlc();
  context.after(() => plc.stop());
  const library = await loadOpcua();
  const { signal } = new AbortController();
  const channel = await SecureChannel.open({ library, clock: systemClock, endpointUrl: plc.endpointUrl, signal });
  context.after(() => channel.close());
  const request = new library.GetEndpointsRequest({ endpointUrl: plc.endpointUrl });
  request.localeIds = [7 as never];
  await assert.rejects(channel.request(request, library.GetEndpointsResponse), (error) => {
    assert.ok(error instanceof PlcRefused);
    assert.equal(error.status, 'BadEncodingError');
    assert.match(
      error.message,
      /: argument must be a string \(GetEndpointsRequest was not sent because it cannot be encoded\)$/,
    );
    return true;
  });
  const { endpointUrl } = plc;
  const { endpoints } = await channel.request(
    new library.GetEndpointsRequest({ endpointUrl }),
    library.GetEndpointsResponse,
  );
  assert.ok(endpoints?.some((endpoint) => endpoint.endpointUrl === endpointUrl));
});
