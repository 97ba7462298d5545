import { type Static, Type } from 'typebox';
import {
  configurationFields,
  envelope3dFields,
  loadSetFields,
  numbers,
  OptionalParameter,
  optionalIntegers,
  optionalNumbers,
  optionalTextList,
  Point,
  wheelFields,
} from '../message/factsheet-fields.ts';
import { list, NotNegative, optionalBoolean, optionalText, Text } from '../message/field-types.ts';
import { schemaCheck } from '../message/schema-check.ts';
import type { Header } from '../protocol/header.ts';

const TypeSpecification = Type.Object({
  seriesName: Text,
  seriesDescription: optionalText,
  agvKinematic: Type.Enum(['DIFF', 'OMNI', 'THREEWHEEL']),
  agvClass: Type.Enum(['FORKLIFT', 'CONVEYOR', 'TUGGER', 'CARRIER']),
  maxLoadMass: NotNegative,
  localizationTypes: list(Type.Enum(['NATURAL', 'REFLECTOR', 'RFID', 'DMC', 'SPOT', 'GRID'])),
  navigationTypes: list(Type.Enum(['PHYSICAL_LINE_GUIDED', 'VIRTUAL_LINE_GUIDED', 'AUTONOMOUS'])),
});

const PhysicalParameters = Type.Object({
  ...numbers('speedMin', 'speedMax', 'accelerationMax', 'decelerationMax', 'heightMax', 'width', 'length'),
  ...optionalNumbers('heightMin'),
});

const ProtocolLimits = Type.Object({
  maxStringLens: Type.Object({
    ...optionalIntegers('msgLen', 'topicSerialLen', 'topicElemLen', 'idLen', 'enumLen', 'loadIdLen'),
    idNumericalOnly: optionalBoolean,
  }),
  maxArrayLens: Type.Object({
    ...optionalIntegers('order.nodes', 'order.edges', 'node.actions', 'edge.actions', 'actions.actionsParameters'),
    ...optionalIntegers('instantActions', 'trajectory.knotVector', 'trajectory.controlPoints'),
    ...optionalIntegers('state.nodeStates', 'state.edgeStates', 'state.loads', 'state.actionStates', 'state.errors'),
    ...optionalIntegers('state.information', 'error.errorReferences', 'information.infoReferences'),
  }),
  timing: Type.Object({
    ...numbers('minOrderInterval', 'minStateInterval'),
    ...optionalNumbers('defaultStateInterval', 'visualizationInterval'),
  }),
});

const ActionParameter = Type.Object({
  key: Text,
  valueDataType: Type.Enum(['BOOL', 'NUMBER', 'INTEGER', 'FLOAT', 'STRING', 'OBJECT', 'ARRAY']),
  description: optionalText,
  isOptional: optionalBoolean,
});

const AgvAction = Type.Object({
  actionType: Text,
  actionDescription: optionalText,
  actionScopes: list(Type.Enum(['INSTANT', 'NODE', 'EDGE'])),
  actionParameters: Type.Optional(list(ActionParameter)),
  resultDescription: optionalText,
  blockingTypes: Type.Optional(list(Type.Enum(['NONE', 'SOFT', 'HARD']))),
});

const AgvGeometry = Type.Object({
  wheelDefinitions: Type.Optional(
    list(Type.Object({ ...wheelFields, type: Type.Enum(['DRIVE', 'CASTER', 'FIXED', 'MECANUM']) })),
  ),
  envelopes2d: Type.Optional(list(Type.Object({ set: Text, polygonPoints: list(Point), description: optionalText }))),
  envelopes3d: Type.Optional(list(Type.Object({ ...envelope3dFields, set: Text }))),
});

const LoadSet = Type.Object({
  ...loadSetFields,
  ...optionalNumbers('maxWeight', 'minLoadhandlingHeight', 'maxLoadhandlingHeight', 'minLoadhandlingDepth'),
  ...optionalNumbers('maxLoadhandlingDepth', 'minLoadhandlingTilt', 'maxLoadhandlingTilt', 'agvSpeedLimit'),
  ...optionalNumbers('agvAccelerationLimit', 'agvDecelerationLimit', 'pickTime', 'dropTime'),
});

/** 2.1.0, 6.15.1, without its header. */
const Factsheet = Type.Object({
  typeSpecification: TypeSpecification,
  physicalParameters: PhysicalParameters,
  protocolLimits: ProtocolLimits,
  protocolFeatures: Type.Object({ optionalParameters: list(OptionalParameter), agvActions: list(AgvAction) }),
  agvGeometry: AgvGeometry,
  loadSpecification: Type.Object({ loadPositions: optionalTextList, loadSets: Type.Optional(list(LoadSet)) }),
  vehicleConfig: Type.Optional(Type.Object(configurationFields)),
});

export const factsheetProblem = schemaCheck(Factsheet);

/**
 * Omits two members that the text defines but the published schema cannot represent. No value fits an action's blocking
 * types, and the description of a 3D envelope would have to be an integer.
 */
export function encodeFactsheet(header: Header, content: object): string {
  const { protocolFeatures, agvGeometry, ...others } = content as Static<typeof Factsheet>;
  return JSON.stringify({
    ...others,
    protocolFeatures: {
      ...protocolFeatures,
      agvActions: protocolFeatures.agvActions.map(({ blockingTypes: _, ...action }) => action),
    },
    agvGeometry: {
      ...agvGeometry,
      envelopes3d: agvGeometry.envelopes3d?.map(({ description: _, ...envelope }) => envelope),
    },
    ...header,
  });
}
