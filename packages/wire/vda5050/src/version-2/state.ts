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
import { EMERGENCY_STOPS, type Position, type RobotState } from '../robot/robot-state.ts';
import { ActionStateMessage, decodeActionState, encodeActionState } from './action-state.ts';
import {
  decodeError,
  decodeInformation,
  ErrorMessage,
  encodeError,
  encodeInformation,
  InformationMessage,
} from './errors.ts';
import { MESSAGE_MODES, MODE_OF_WORD, WORD_OF_MODE } from './operating-mode.ts';

const AgvPosition = Type.Object({ ...positionFields, positionInitialized: Type.Boolean() });

/** The supported part of 2.1.0, 6.10.6. */
const StateMessage = Type.Object({
  ...headerFields,
  ...progressFields,
  agvPosition: Type.Optional(AgvPosition),
  velocity: Type.Optional(VelocityMessage),
  actionStates: list(ActionStateMessage),
  batteryState: Type.Object({ ...batteryFields, batteryCharge: Type.Number() }),
  operatingMode: Type.Enum(MESSAGE_MODES),
  errors: list(ErrorMessage),
  information: Type.Optional(list(InformationMessage)),
  safetyState: Type.Object({ eStop: Type.Enum(EMERGENCY_STOPS), fieldViolation: Type.Boolean() }),
});
type StateMessage = Static<typeof StateMessage>;

/** Throws a `RangeError` if the battery charge is not finite. */
export function encodeState(header: Header, state: RobotState): string {
  const message: StateMessage = {
    ...header,
    ...encodeProgress(state),
    agvPosition: state.position && encodeAgvPosition(state.position),
    velocity: state.velocity && encodeVelocity(state.velocity),
    actionStates: [...state.actions, ...state.instantActions].map(encodeActionState),
    batteryState: { ...encodeBattery(state.battery), batteryCharge: encodeCharge(state.battery) },
    operatingMode: WORD_OF_MODE[state.operatingMode],
    errors: state.errors.map(encodeError),
    information: state.information.map(encodeInformation),
    safetyState: { eStop: state.safety.emergencyStop, fieldViolation: state.safety.fieldViolation },
  };
  return JSON.stringify(message);
}

function encodeAgvPosition(position: Position): StateMessage['agvPosition'] {
  const place = encodePosition(position);
  return place && { ...place, positionInitialized: position.localized };
}

const read = messageReader('state', StateMessage);

/** Instant actions are listed among those of the order and cannot be distinguished. */
export function decodeState(octets: Uint8Array): Received<RobotState> {
  const message = read(octets);
  const { agvPosition, batteryState, safetyState } = message;
  const content: RobotState = omitEmpty({
    ...decodeProgress(message),
    position: agvPosition && decodePosition(agvPosition, agvPosition.positionInitialized),
    velocity: message.velocity && decodeVelocity(message.velocity),
    actions: message.actionStates.map(decodeActionState),
    instantActions: [],
    battery: decodeBattery(batteryState.batteryCharge, batteryState),
    operatingMode: MODE_OF_WORD[message.operatingMode],
    errors: message.errors.map(decodeError),
    information: (message.information ?? []).map(decodeInformation),
    safety: { emergencyStop: safetyState.eStop, fieldViolation: safetyState.fieldViolation },
  });
  return { header: headerOf(message), content };
}
