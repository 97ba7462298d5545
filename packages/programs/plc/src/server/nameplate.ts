import type { AddressSpace, Folder } from './library.ts';

/** Who made the controller, and which one it is. */
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
/** The number of its `DeviceSet`, as its nodeset has it. */
const DEVICE_SET = 5001;

/**
 * Adds the nameplate of the device below `DeviceSet`: what clients look for of OPC 10000-100, and not its types, which would take
 * longer to load than all the rest. `serial` counts the devices of one process.
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
