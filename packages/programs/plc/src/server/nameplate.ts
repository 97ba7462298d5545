import type { AddressSpace, Folder } from './library.ts';

/** Manufacturer and model of the controller. */
export const TANK_NAMEPLATE = {
  Manufacturer: 'medkit',
  Model: 'Simulated filling station',
  ProductCode: 'MK-TANK-1',
  SerialNumber: 'PLC-0001',
  HardwareRevision: '1.2',
  SoftwareRevision: '3.4.5',
  DeviceRevision: '7',
} as const;

/** OPC 10000-100: the companion specification of devices. */
const DEVICES_URI = 'http://opcfoundation.org/UA/DI/';
/** Node id number of `DeviceSet` in its nodeset. */
const DEVICE_SET = 5001;

/**
 * Adds the nameplate of the device below `DeviceSet`, as clients of OPC 10000-100 expect it. Does not load the types of OPC
 * 10000-100, because that would take longer than everything else.
 */
export function addNameplate(addressSpace: AddressSpace, serialNumber: string): void {
  const devices = addressSpace.registerNamespace(DEVICES_URI);
  const set = devices.addObject({
    browseName: 'DeviceSet',
    nodeId: `i=${DEVICE_SET}`,
    organizedBy: addressSpace.rootFolder.objects,
  });
  const device: Folder = devices.addObject({ browseName: 'Controller', nodeId: 's=Controller', componentOf: set });
  for (const [browseName, value] of Object.entries({ ...TANK_NAMEPLATE, SerialNumber: serialNumber })) {
    const isText = browseName === 'Manufacturer' || browseName === 'Model';
    devices.addVariable({
      browseName,
      nodeId: `s=Controller.${browseName}`,
      propertyOf: device,
      dataType: isText ? 'LocalizedText' : 'String',
      value: isText ? { dataType: 'LocalizedText', value: { text: value } } : { dataType: 'String', value },
    });
  }
}
