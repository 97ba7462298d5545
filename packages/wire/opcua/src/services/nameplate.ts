import type { Nameplate } from '@medkit/core';
import { MAX_DEVICES } from '../bounds.ts';
import type { SessionChannel } from '../channel/session-channel.ts';
import { browseAll, translate } from './browsing.ts';
import { readNamespaceArray } from './namespace-array.ts';
import { ATTRIBUTES, readAttributes, scalarIn } from './readings.ts';

/** Variables of ServerStatus/BuildInfo (OPC 10000-5, 12.4), which every server has. */
const BUILD = { manufacturer: 'i=2263', model: 'i=2261', softwareVersion: 'i=2264', buildNumber: 'i=2265' } as const;
const DEVICES = 'http://opcfoundation.org/UA/DI/';
/** DeviceSet in that namespace (OPC 10000-100, 5.9.1). */
const DEVICE_SET = 5001;
/** Properties of a device (OPC 10000-100, 4.5.2) by nameplate field; the first one that exists is used. */
const DEVICE: Readonly<Record<string, readonly string[]>> = {
  manufacturer: ['Manufacturer'],
  model: ['Model'],
  // Siemens controllers have the order number in a vendor-specific property; ProductCode is the standard one.
  orderCode: ['OrderNumber', 'ProductCode'],
  serialNumber: ['SerialNumber'],
  hardwareRevision: ['HardwareRevision'],
  softwareVersion: ['SoftwareRevision'],
};
/** Maximum properties of a device that are examined. */
const MAX_PROPERTIES = 256;

/** Reads the nameplate of a server; the server's first device takes precedence over the server. */
export async function readNameplate(session: SessionChannel): Promise<Nameplate> {
  const { buildNumber, ...build } = await readTexts(session, Object.entries(BUILD));
  const device = await readDevice(session);
  return {
    ...build,
    ...device,
    networkEndpoint: session.endpointUrl,
    ...(buildNumber === undefined ? {} : { extra: { buildNumber } }),
  };
}

async function readDevice(session: SessionChannel): Promise<Readonly<Record<string, string>>> {
  const index = (await readNamespaceArray(session))?.indexOf(DEVICES) ?? -1;
  if (index < 0) return {};
  const [deviceSet] = await translate(session, [{ nodeId: 'i=85', path: [`${index}:DeviceSet`] }]);
  const nodeId = deviceSet ?? `ns=${index};i=${DEVICE_SET}`;
  const devices = await browseAll(session, { nodeId, references: 'i=33', limit: MAX_DEVICES });
  for (const device of devices.filter(({ kind }) => kind === 'object')) {
    const below = await browseAll(session, { nodeId: device.nodeId, references: 'i=33', limit: MAX_PROPERTIES });
    const idOf = new Map(below.map(({ browseName, nodeId: id }) => [browseName, id]));
    const found = Object.entries(DEVICE).flatMap(([key, names]) =>
      names.flatMap((name) => (idOf.has(name) ? [[key, idOf.get(name)!] as const] : [])).toReversed(),
    );
    const said = await readTexts(session, found);
    if (Object.keys(said).length > 0) return said;
  }
  return {};
}

/** Reads texts of variables by key, without empty ones. */
async function readTexts(session: SessionChannel, wanted: readonly (readonly [key: string, nodeId: string])[]) {
  const values = await readAttributes(
    session,
    wanted.map(([, nodeId]) => ({ nodeId, attribute: ATTRIBUTES.value })),
  );
  const texts = wanted.flatMap(([key], index) => {
    const text = String(scalarIn(values[index]!) ?? '').trim();
    return text === '' ? [] : [[key, text] as const];
  });
  return Object.fromEntries(texts) as Readonly<Record<string, string>>;
}
