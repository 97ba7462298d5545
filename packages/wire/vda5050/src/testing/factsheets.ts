import type { ProtocolVersion } from '../protocol/version.ts';

const wheel = { type: 'DRIVE', isActiveDriven: true, isActiveSteered: false, diameter: 0.2, width: 0.05 };
const load = {
  setName: 'DEFAULT',
  loadType: 'EPAL',
  loadPositions: ['top'],
  boundingBoxReference: { x: 0, y: 0, z: 0.3 },
  loadDimensions: { length: 1.2, width: 0.8 },
};
const square = [
  { x: -0.5, y: -0.4 },
  { x: 0.5, y: -0.4 },
  { x: 0.5, y: 0.4 },
  { x: -0.5, y: 0.4 },
];
const parameters = [{ key: 'faultCode', valueDataType: 'STRING', description: 'Which one', isOptional: false }];

const FACTSHEET_2 = {
  typeSpecification: {
    seriesName: 'Carrier 100',
    agvKinematic: 'DIFF',
    agvClass: 'CARRIER',
    maxLoadMass: 100,
    localizationTypes: ['NATURAL'],
    navigationTypes: ['AUTONOMOUS'],
  },
  physicalParameters: {
    speedMin: 0.05,
    speedMax: 1.5,
    accelerationMax: 0.8,
    decelerationMax: 2,
    heightMax: 0.3,
    width: 0.8,
    length: 1,
  },
  protocolLimits: {
    maxStringLens: { msgLen: 262144, idNumericalOnly: false },
    maxArrayLens: { 'order.nodes': 100, 'state.errors': 64 },
    timing: { minOrderInterval: 1, minStateInterval: 0.1, defaultStateInterval: 30 },
  },
  protocolFeatures: {
    optionalParameters: [{ parameter: 'state.velocity', support: 'SUPPORTED' }],
    agvActions: [
      {
        actionType: 'clearFault',
        actionScopes: ['INSTANT'],
        actionParameters: parameters,
        blockingTypes: ['NONE'],
      },
    ],
  },
  agvGeometry: {
    wheelDefinitions: [{ ...wheel, position: { x: 0, y: 0.3 } }],
    envelopes2d: [{ set: 'outline', polygonPoints: square }],
    envelopes3d: [
      { set: 'outline', format: 'DXF', url: 'https://acme.example/outline.dxf', description: 'Without a load' },
    ],
  },
  loadSpecification: { loadPositions: ['top'], loadSets: [{ ...load, maxWeight: 100, agvSpeedLimit: 1 }] },
  vehicleConfig: {
    versions: [{ key: 'software', value: '1.0' }],
    network: { dnsServers: ['192.0.2.1'], localIpAddress: '192.0.2.7' },
  },
};

/**
 * A small transport robot in the factsheet format of each version, with all members on which text and schema disagree.
 */
export const EXAMPLE_FACTSHEETS: Readonly<Record<ProtocolVersion, object>> = {
  '2.0.0': FACTSHEET_2,
  '2.1.0': FACTSHEET_2,
  '3.0.0': {
    typeSpecification: {
      seriesName: 'Carrier 100',
      mobileRobotKinematics: 'DIFFERENTIAL',
      mobileRobotClass: 'CARRIER',
      maximumLoadMass: 100,
      localizationTypes: ['NATURAL'],
      navigationTypes: ['AUTONOMOUS'],
      supportedZones: ['BLOCKED'],
    },
    physicalParameters: {
      minimumSpeed: 0.05,
      maximumSpeed: 1.5,
      maximumAcceleration: 0.8,
      maximumDeceleration: 2,
      minimumHeight: 0.3,
      maximumHeight: 0.3,
      width: 0.8,
      length: 1,
    },
    protocolLimits: {
      maximumStringLengths: { maximumMessageLength: 262144, idNumericalOnly: false },
      maximumArrayLengths: { 'order.nodes': 100, 'state.errors': 64 },
      timing: { minimumOrderInterval: 1, minimumStateInterval: 0.1, defaultStateInterval: 30 },
    },
    protocolFeatures: {
      optionalParameters: [{ parameter: 'state.velocity', support: 'SUPPORTED' }],
      mobileRobotActions: [
        {
          actionType: 'clearFault',
          actionScopes: ['INSTANT'],
          actionParameters: parameters,
          blockingTypes: ['NONE'],
          pauseAllowed: false,
          cancelAllowed: false,
        },
      ],
    },
    mobileRobotGeometry: {
      wheelDefinitions: [{ ...wheel, position: { x: 0, y: 0.3 } }],
      envelopes2d: [{ envelope2dId: 'outline', vertices: square }],
      envelopes3d: [{ envelope3dId: 'outline', format: 'DXF', description: 'Without a load' }],
    },
    loadSpecification: { loadPositions: ['top'], loadSets: [{ ...load, maximumWeight: 100, maximumSpeed: 1 }] },
    mobileRobotConfiguration: {
      versions: [{ key: 'software', value: '1.0' }],
      network: { dnsServers: ['192.0.2.1'], localIpAddress: '192.0.2.7' },
      batteryCharging: { criticalLowChargingLevel: 10, minimumChargingTime: 600 },
    },
  },
};
