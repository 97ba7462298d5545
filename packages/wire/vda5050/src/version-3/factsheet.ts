import { type Static, Type } from 'typebox';
import {
  configurationFields,
  envelope3dFields,
  loadSetFields,
  notNegative,
  numbers,
  OptionalParameter,
  optionalLengths,
  optionalNotNegative,
  optionalNumbers,
  optionalTextList,
  Point,
  TextList,
  wheelFields,
} from '../message/factsheet-fields.ts';
import { list, NotNegative, optionalBoolean, optionalText, Text } from '../message/field-types.ts';
import { schemaCheck } from '../message/schema-check.ts';
import type { Header } from '../protocol/header.ts';

const ZONES = [
  'BLOCKED',
  'LINE_GUIDED',
  'RELEASE',
  'COORDINATED_REPLANNING',
  'SPEED_LIMIT',
  'ACTION',
  'PRIORITY',
  'PENALTY',
  'DIRECTED',
  'BIDIRECTED',
] as const;

/** The text has `mobileRobotKinematics`, the published schema requires `mobileRobotKinematic`. */
const TypeSpecification = Type.Object({
  seriesName: Text,
  seriesDescription: optionalText,
  mobileRobotKinematics: optionalText,
  mobileRobotKinematic: optionalText,
  mobileRobotClass: Text,
  maximumLoadMass: NotNegative,
  localizationTypes: TextList,
  navigationTypes: TextList,
  supportedZones: Type.Optional(list(Type.Enum(ZONES))),
});

const PhysicalParameters = Type.Object({
  ...notNegative('minimumSpeed', 'maximumSpeed', 'maximumAcceleration'),
  ...optionalNotNegative('minimumAngularSpeed', 'maximumAngularSpeed'),
  ...numbers('maximumDeceleration', 'minimumHeight', 'maximumHeight', 'width', 'length'),
});

const ProtocolLimits = Type.Object({
  maximumStringLengths: Type.Object({
    ...optionalLengths('maximumMessageLength', 'maximumTopicSerialLength', 'maximumTopicElementLength'),
    ...optionalLengths('maximumIdLength', 'maximumLoadIdLength'),
    idNumericalOnly: optionalBoolean,
  }),
  maximumArrayLengths: Type.Object({
    ...optionalLengths('order.nodes', 'order.edges', 'node.actions', 'edge.actions', 'actions.actionsParameters'),
    ...optionalLengths('instantActions', 'trajectory.knotVector', 'trajectory.controlPoints', 'zoneSet.zones'),
    ...optionalLengths('state.nodeStates', 'state.edgeStates', 'state.loads', 'state.actionStates'),
    ...optionalLengths('state.instantActionStates', 'state.zoneActionStates', 'state.errors', 'state.information'),
    ...optionalLengths('error.errorReferences', 'information.infoReferences'),
  }),
  timing: Type.Object({
    ...notNegative('minimumOrderInterval', 'minimumStateInterval'),
    ...optionalNotNegative('defaultStateInterval', 'visualizationInterval'),
  }),
});

const ActionParameter = Type.Object({
  key: Text,
  valueDataType: Type.Enum(['BOOL', 'NUMBER', 'INTEGER', 'STRING', 'OBJECT', 'ARRAY']),
  description: optionalText,
  isOptional: optionalBoolean,
});

/** A boolean in the text of the standard, a string in its published schema. */
const Allowance = Type.Union([Type.Boolean(), Text]);

const MobileRobotAction = Type.Object({
  actionType: Text,
  actionDescription: optionalText,
  actionScopes: list(Type.Enum(['INSTANT', 'NODE', 'EDGE', 'ZONE'])),
  actionParameters: Type.Optional(list(ActionParameter)),
  actionResult: optionalText,
  blockingTypes: Type.Optional(list(Type.Enum(['NONE', 'SOFT', 'SINGLE', 'HARD']))),
  pauseAllowed: Allowance,
  cancelAllowed: Allowance,
});

const MobileRobotGeometry = Type.Object({
  wheelDefinitions: Type.Optional(list(Type.Object({ ...wheelFields, type: Text }))),
  envelopes2d: Type.Optional(
    list(Type.Object({ envelope2dId: Text, vertices: list(Point), description: optionalText })),
  ),
  envelopes3d: Type.Optional(list(Type.Object({ ...envelope3dFields, envelope3dId: Text }))),
});

const LoadSet = Type.Object({
  ...loadSetFields,
  ...optionalNotNegative('maximumWeight', 'minimumLoadhandlingHeight', 'maximumLoadhandlingHeight'),
  ...optionalNumbers('minimumLoadhandlingDepth', 'maximumLoadhandlingDepth', 'minimumLoadhandlingTilt'),
  ...optionalNumbers('maximumLoadhandlingTilt'),
  ...optionalNotNegative('maximumSpeed', 'maximumAcceleration', 'maximumDeceleration', 'pickTime', 'dropTime'),
});

const Level = Type.Number({ minimum: 0, maximum: 100 });
const BatteryCharging = Type.Object({
  criticalLowChargingLevel: Type.Optional(Level),
  minimumDesiredChargingLevel: Type.Optional(Level),
  maximumDesiredChargingLevel: Type.Optional(Level),
  ...optionalNotNegative('minimumChargingTime'),
});

/** 3.0.0, 7.10, without its header. */
const Factsheet = Type.Object({
  typeSpecification: TypeSpecification,
  physicalParameters: PhysicalParameters,
  protocolLimits: ProtocolLimits,
  protocolFeatures: Type.Object({
    optionalParameters: list(OptionalParameter),
    mobileRobotActions: list(MobileRobotAction),
  }),
  mobileRobotGeometry: MobileRobotGeometry,
  loadSpecification: Type.Object({ loadPositions: optionalTextList, loadSets: Type.Optional(list(LoadSet)) }),
  mobileRobotConfiguration: Type.Optional(
    Type.Object({ ...configurationFields, batteryCharging: Type.Optional(BatteryCharging) }),
  ),
});
type Factsheet = Static<typeof Factsheet>;

const schemaProblem = schemaCheck(Factsheet);

const kinematicsOf = ({ typeSpecification: { mobileRobotKinematics, mobileRobotKinematic } }: Factsheet) =>
  mobileRobotKinematics ?? mobileRobotKinematic;

/** Accepts either name of the kinematics. */
export function factsheetProblem(content: unknown): string | undefined {
  const problem = schemaProblem(content);
  if (problem !== undefined || kinematicsOf(content as Factsheet) !== undefined) return problem;
  return 'typeSpecification.mobileRobotKinematics is missing';
}

/**
 * Writes the kinematics under both names, for readers of the text and of the schema. Writes whether an action can be
 * paused and cancelled as the schema requires.
 */
export function encodeFactsheet(header: Header, content: object): string {
  const factsheet = content as Factsheet;
  const { typeSpecification, protocolFeatures } = factsheet;
  const kinematics = kinematicsOf(factsheet);
  return JSON.stringify({
    ...factsheet,
    typeSpecification: { ...typeSpecification, mobileRobotKinematics: kinematics, mobileRobotKinematic: kinematics },
    protocolFeatures: {
      ...protocolFeatures,
      mobileRobotActions: protocolFeatures.mobileRobotActions.map((action) => ({
        ...action,
        pauseAllowed: String(action.pauseAllowed),
        cancelAllowed: String(action.cancelAllowed),
      })),
    },
    ...header,
  });
}
