import { type Static, Type } from 'typebox';
import { batteryFields, decodeBattery, encodeBattery, encodeCharge } from '../message/battery-fields.ts';
import { list } from '../message/field-types.ts';
import { headerFields, headerOf } from '../message/header-fields.ts';
import { messageReader } from '../message/message-reader.ts';
import {
  decodePosition,
  decodeVelocity,
  encodePosition,
  encodeVelocity,
  positionFields,
  VelocityMessage,
} from '../message/motion.ts';
import { omitEmpty } from '../message/omit-empty.ts';
import { decodeProgress, encodeProgress, progressFields } from '../message/progress.ts';
import type { Header } from '../protocol/header.ts';
import type { Received } from '../protocol/protocol.ts';
import { type EmergencyStop, OPERATING_MODES, type Position, type RobotState } from '../robot/robot-state.ts';
import { ActionStateMessage, decodeActionState, encodeActionState } from './action-state.ts';
import {
  decodeError,
  decodeInformation,
  ErrorMessage,
  encodeError,
  encodeInformation,
  InformationMessage,
} from './errors.ts';

const MobileRobotPosition = Type.Object({ ...positionFields, localized: Type.Boolean() });

/** The supported part of 3.0.0, 7.8. */
const StateMessage = Type.Object({
  ...headerFields,
  ...progressFields,
  mobileRobotPosition: Type.Optional(MobileRobotPosition),
  velocity: Type.Optional(VelocityMessage),
  actionStates: list(ActionStateMessage),
  instantActionStates: list(ActionStateMessage),
  powerSupply: Type.Object({ ...batteryFields, stateOfCharge: Type.Number({ minimum: 0, maximum: 100 }) }),
  operatingMode: Type.Enum(OPERATING_MODES),
  errors: list(ErrorMessage),
  information: Type.Optional(list(InformationMessage)),
  safetyState: Type.Object({
    activeEmergencyStop: Type.Enum(['MANUAL', 'REMOTE', 'NONE']),
    fieldViolation: Type.Boolean(),
  }),
});
type StateMessage = Static<typeof StateMessage>;

/**
 * An emergency stop that releases itself is still active. Of the remaining values, only `MANUAL` concerns the robot
 * itself.
 */
const MESSAGE_STOPS: Readonly<Record<EmergencyStop, StateMessage['safetyState']['activeEmergencyStop']>> = {
  AUTOACK: 'MANUAL',
  MANUAL: 'MANUAL',
  REMOTE: 'REMOTE',
  NONE: 'NONE',
};

/** Throws a `RangeError` if the battery charge is not finite. */
export function encodeState(header: Header, state: RobotState): string {
  const message: StateMessage = {
    ...header,
    ...encodeProgress(state),
    mobileRobotPosition: state.position && encodeMobileRobotPosition(state.position),
    velocity: state.velocity && encodeVelocity(state.velocity),
    actionStates: state.actions.map(encodeActionState),
    instantActionStates: state.instantActions.map(encodeActionState),
    powerSupply: { ...encodeBattery(state.battery), stateOfCharge: encodeCharge(state.battery) },
    operatingMode: state.operatingMode,
    errors: state.errors.map(encodeError),
    information: state.information.map(encodeInformation),
    safetyState: {
      activeEmergencyStop: MESSAGE_STOPS[state.safety.emergencyStop],
      fieldViolation: state.safety.fieldViolation,
    },
  };
  return JSON.stringify(message);
}

function encodeMobileRobotPosition(position: Position): StateMessage['mobileRobotPosition'] {
  const place = encodePosition(position);
  return place && { ...place, localized: position.localized };
}

const read = messageReader('state', StateMessage);

export function decodeState(octets: Uint8Array): Received<RobotState> {
  const message = read(octets);
  const { mobileRobotPosition: position, powerSupply, safetyState } = message;
  const content: RobotState = omitEmpty({
    ...decodeProgress(message),
    position: position && decodePosition(position, position.localized),
    velocity: message.velocity && decodeVelocity(message.velocity),
    actions: message.actionStates.map(decodeActionState),
    instantActions: message.instantActionStates.map(decodeActionState),
    battery: decodeBattery(powerSupply.stateOfCharge, powerSupply),
    operatingMode: message.operatingMode,
    errors: message.errors.map(decodeError),
    information: (message.information ?? []).map(decodeInformation),
    safety: { emergencyStop: safetyState.activeEmergencyStop, fieldViolation: safetyState.fieldViolation },
  });
  return { header: headerOf(message), content };
}
