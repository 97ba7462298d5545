import { oneOf } from '../schemas/compose.ts';
import {
  FLEET_EVIDENCE_KINDS,
  FLEET_EVIDENCE_STATES,
  type FleetEvidence,
  FleetEvidenceErased,
  FleetEvidenceErasure,
  FleetEvidenceList,
  FleetEvidencePin,
  FleetEvidenceRuleList,
  FleetEvidenceRules,
  FleetEvidence as FleetEvidenceSchema,
} from '../schemas/fleet-evidence.ts';
import * as Type from '../schemas/type.ts';
import { FLEET_ERRORS, FLEET_PAGING, FLEET_PATH, fleetName } from './fleet-parts.ts';
import type { Parameter, RouteFamily } from './route.ts';

const EVIDENCE = `${FLEET_PATH}/evidence`;
const RULES = `${FLEET_PATH}/evidence-rules`;

const evidenceParameter: Parameter = {
  name: 'evidence',
  in: 'path',
  description: 'Number of the evidence, as in the list',
  schema: Type.String({ minLength: 1, maxLength: 16 }),
  example: '412',
};

const recording: FleetEvidence = {
  id: '412',
  robot: 'amr-17',
  site: 'berlin',
  fault_code: 'MOTOR_OVERTEMP',
  entity: 'apps/motor',
  version: 'navigation-2.1.0',
  state: 'kept',
  descriptor: {
    evidence: 'recording',
    id: 'fault_MOTOR_OVERTEMP_1774232078000 MOTOR_OVERTEMP',
    occurrence: 1,
    recording_id: 'fault_MOTOR_OVERTEMP_1774232078000',
    format: 'mcap',
    size_bytes: 186_355,
    duration_sec: 9,
    end: '2026-03-23T02:14:39.000Z',
  },
  stored_bytes: 186_355,
  size_bytes: 186_355,
  name: 'fault_MOTOR_OVERTEMP_1774232078000.mcap',
  sha256: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
  reported_at: '2026-03-23T02:14:41.000Z',
  stored_at: '2026-03-23T02:14:44.000Z',
  expires_at: '2026-06-21T02:14:44.000Z',
  pinned: false,
};
const { sha256: _digest, stored_at: _stored, expires_at: _expires, name: _name, ...others } = recording;
const queued: FleetEvidence = { ...others, state: 'queued', stored_bytes: 0, requested_by: 'alice' };
const rules: FleetEvidenceRuleList = {
  items: [
    { match: { severity: 'critical' }, collect: ['frames', 'logs', 'recording'] },
    {
      match: { severity: 'error' },
      collect: ['frames', 'logs'],
      recording: { per_issue_version: 3, per_robot_day: 1 },
    },
  ],
};

export const listFleetEvidence: RouteFamily<typeof FleetEvidenceList> = [
  {
    method: 'get',
    path: EVIDENCE,
    operationId: 'listFleetEvidence',
    permission: 'fleet.read',
    tag: 'Fleet',
    summary: 'List the evidence of faults of the fleet',
    description:
      'Lists recordings, freeze frames and log windows that robots have reported, the newest first, and which of them the hub stores.',
    join: 'local',
    parameters: [
      fleetName('robot', 'Only evidence of this robot', 'amr-17'),
      fleetName('code', 'Only evidence of this fault code', 'MOTOR_OVERTEMP'),
      {
        name: 'kind',
        in: 'query',
        description: 'Only evidence of this kind',
        schema: oneOf(...FLEET_EVIDENCE_KINDS),
        example: 'recording',
      },
      {
        name: 'state',
        in: 'query',
        description: 'Only evidence in this state',
        schema: oneOf(...FLEET_EVIDENCE_STATES),
        example: 'kept',
      },
      ...FLEET_PAGING,
    ],
    responses: {
      200: { description: 'The evidence', schema: FleetEvidenceList, example: { items: [recording], total: 1 } },
    },
    errors: ['resource-not-found', 'invalid-parameter', ...FLEET_ERRORS],
  },
];

export const downloadFleetEvidence: RouteFamily<never> = [
  {
    method: 'get',
    path: `${EVIDENCE}/{evidence}/file`,
    operationId: 'downloadFleetEvidence',
    permission: 'files.read',
    tag: 'Fleet',
    summary: 'Download the file of evidence',
    description:
      'Returns the file that the hub stores, or the part that a `Range` header requests: a recording unchanged, frames and log windows as the detail of their fault. The ETag is the SHA-256 of the file. With `fleet.evidence_redirect`, the reply is the address of the file in the bucket of the hub; do not send credentials of the hub there.',
    join: 'local',
    parameters: [evidenceParameter],
    responses: {
      200: { description: 'The file', media: 'application/octet-stream' },
      206: { description: 'The requested part', media: 'application/octet-stream' },
      307: {
        description: 'The file is in the bucket of the hub (`fleet.evidence_redirect`)',
        headers: { Location: 'Address of the file, valid for 60 s' },
      },
    },
    errors: ['resource-not-found', 'x-medkit-range-not-satisfiable', ...FLEET_ERRORS],
  },
];

export const fetchFleetEvidence: RouteFamily<typeof FleetEvidenceSchema, never> = [
  {
    method: 'post',
    path: `${EVIDENCE}/{evidence}/fetch`,
    operationId: 'fetchFleetEvidence',
    permission: 'files.write',
    tag: 'Fleet',
    summary: 'Fetch evidence from its robot',
    description:
      'Requests the file of evidence, whether or not a rule collects it. The hub fetches it when the robot is connected; it counts in the data budget of the robot as a request of a person.',
    join: 'local',
    parameters: [evidenceParameter],
    responses: { 202: { description: 'Requested', schema: FleetEvidenceSchema, example: queued } },
    errors: ['resource-not-found', 'precondition-not-fulfilled', 'x-medkit-fleet-quota', ...FLEET_ERRORS],
  },
];

export const pinFleetEvidence: RouteFamily<typeof FleetEvidenceSchema, typeof FleetEvidencePin> = [
  {
    method: 'put',
    path: `${EVIDENCE}/{evidence}/pin`,
    operationId: 'pinFleetEvidence',
    permission: 'fleet.manage',
    tag: 'Fleet',
    summary: 'Pin the file of evidence',
    description: 'A pinned file stays until the pin is removed; others stay 90 days (recordings) or 13 months.',
    join: 'local',
    parameters: [evidenceParameter],
    body: { schema: FleetEvidencePin, description: 'The pin', examples: { 'Keep the file': { pinned: true } } },
    responses: {
      200: {
        description: 'The evidence',
        schema: FleetEvidenceSchema,
        example: { ...others, ...recording, pinned: true },
      },
    },
    errors: ['resource-not-found', 'precondition-not-fulfilled', ...FLEET_ERRORS],
  },
];

export const eraseFleetEvidence: RouteFamily<typeof FleetEvidenceErased, typeof FleetEvidenceErasure> = [
  {
    method: 'post',
    path: `${EVIDENCE}/erase`,
    operationId: 'eraseFleetEvidence',
    permission: 'fleet.manage',
    tag: 'Fleet',
    summary: 'Erase the evidence of a robot',
    description:
      'Removes the files that the hub stores of a robot, pinned ones too, and ends their transfers. Files on the robot stay; rules do not fetch them again.',
    join: 'local',
    parameters: [],
    body: {
      schema: FleetEvidenceErasure,
      description: 'Which evidence',
      examples: { 'Since a time': { robot: 'amr-17', since: '2026-03-23T00:00:00.000Z' } },
    },
    responses: { 200: { description: 'Erased', schema: FleetEvidenceErased, example: { erased: 3 } } },
    errors: ['resource-not-found', 'invalid-parameter', ...FLEET_ERRORS],
  },
];

export const readFleetEvidenceRules: RouteFamily<typeof FleetEvidenceRules> = [
  {
    method: 'get',
    path: RULES,
    operationId: 'readFleetEvidenceRules',
    permission: 'fleet.read',
    tag: 'Fleet',
    summary: 'Read the rules of evidence',
    description: 'Returns which evidence the hub fetches from robots: the first rule that matches a fault decides.',
    join: 'local',
    parameters: [],
    responses: { 200: { description: 'The rules', schema: FleetEvidenceRules, example: rules } },
    errors: FLEET_ERRORS,
  },
];

export const setFleetEvidenceRules: RouteFamily<typeof FleetEvidenceRules, typeof FleetEvidenceRuleList> = [
  {
    method: 'put',
    path: RULES,
    operationId: 'setFleetEvidenceRules',
    permission: 'fleet.manage',
    tag: 'Fleet',
    summary: 'Replace the rules of evidence',
    description: 'Replaces all rules. They apply to evidence that robots report later.',
    join: 'local',
    parameters: [],
    body: {
      schema: FleetEvidenceRuleList,
      description: 'The rules',
      examples: { 'A sample of recordings': rules },
    },
    responses: {
      200: {
        description: 'The rules',
        schema: FleetEvidenceRules,
        example: { ...rules, changed_at: '2026-03-23T09:00:00.000Z', changed_by: 'alice' },
      },
    },
    errors: ['invalid-parameter', ...FLEET_ERRORS],
  },
];
