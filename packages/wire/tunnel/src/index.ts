export type { UpgradeRequest } from './carrier/accept-web-socket.ts';
export { dialWebSocket } from './carrier/dial-web-socket.ts';
export type { HubRecord } from './handshake/hub-handshake.ts';
export type {
  Confirmation,
  Enrolled,
  Enrolment,
  Farewell,
  Hello,
  Refusal,
  Welcome,
} from './handshake/messages.ts';
export {
  confirmRatchet,
  isRatchetStep,
  judgeRatchet,
  type RatchetState,
  type RatchetVerdict,
} from './handshake/ratchet.ts';
export type { RobotAgreement, RobotRecord } from './handshake/robot-handshake.ts';
export { endFrom, REFUSALS, type RefusalCode, type UplinkEnd, UplinkFailed } from './handshake/uplink-end.ts';
export type { HubEndOptions, HubEnrolment, HubRotation, HubUplink } from './hub-end.ts';
export { type Identity, identityFrom, newIdentityKey } from './identity/identity.ts';
export {
  InvalidInvitation,
  type Invitation,
  invitationLink,
  newInvitationCode,
  readInvitation,
  uplinkAddress,
} from './identity/invitation.ts';
export type { RobotSessionEnd, RobotUplink } from './robot-end.ts';
export type { Authority } from './session/authorities.ts';
export type { ServedAuthorities } from './session/robot-session.ts';
export type { ClassedStream, Traffic, TrafficDirection } from './session/traffic-meter.ts';
export { comeBack, stopRetryMs } from './timing/come-back.ts';
export { pingPeriodMs, shortenPeriod } from './timing/keep-alive.ts';
export { acceptUplink, type ConnectOptions, connectUplink, type EnrolOptions, enrolUplink } from './uplink.ts';
