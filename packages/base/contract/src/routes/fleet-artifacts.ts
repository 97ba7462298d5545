import { type FleetArtifact, FleetArtifactList, MAX_FLEET_ARTIFACTS } from '../schemas/fleet-artifacts.ts';
import * as Type from '../schemas/type.ts';
import { UPDATE_ID, UpdateArtifact, type UpdateArtifactContent } from '../schemas/updates.ts';
import { ARTIFACT_PART } from './artifact-part.ts';
import { FLEET_ERRORS, FLEET_PAGING, FLEET_PATH } from './fleet-parts.ts';
import type { Parameter, RouteFamily } from './route.ts';

const ARTIFACTS = `${FLEET_PATH}/artifacts`;
const ARTIFACT = `${ARTIFACTS}/{artifact}`;

const artifactParameter: Parameter = {
  name: 'artifact',
  in: 'path',
  description: 'Id of the update',
  schema: Type.String({ minLength: 1, maxLength: 200, pattern: UPDATE_ID.source }),
  example: 'navigation-2.1.0',
};

const artifact: FleetArtifact = {
  id: 'navigation-2.1.0',
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  size_bytes: 73_400_320,
  manifest_sha256: '4dca0fd5f424a31b03ab807cbae77eb32bf2d089eed1cee154b3afed458de0dc',
  created_at: '2026-12-01T08:50:00.000Z',
  created_by: 'alice',
  campaigns: ['nav-2-1-0'],
};

export const listFleetArtifacts: RouteFamily<typeof FleetArtifactList> = [
  {
    method: 'get',
    path: ARTIFACTS,
    operationId: 'listFleetArtifacts',
    permission: 'fleet.read',
    tag: 'Fleet',
    summary: 'List the artifacts of updates',
    description: 'Lists the artifacts that the hub stores for campaigns, the newest first.',
    join: 'local',
    parameters: FLEET_PAGING,
    responses: {
      200: { description: 'The artifacts', schema: FleetArtifactList, example: { items: [artifact], total: 1 } },
    },
    errors: ['invalid-parameter', ...FLEET_ERRORS],
  },
];

export const uploadFleetArtifact: RouteFamily<typeof UpdateArtifact, typeof UpdateArtifactContent> = [
  {
    method: 'put',
    path: ARTIFACT,
    operationId: 'uploadFleetArtifact',
    permission: 'campaigns.write',
    tag: 'Fleet',
    summary: 'Send the artifact of an update to the hub',
    description: `Stores an artifact for campaigns. ${ARTIFACT_PART.description} After the last byte the hub checks the digests of the archive and of its files; robots verify the signature. An artifact that no campaign used can be replaced. A hub has at most ${MAX_FLEET_ARTIFACTS} artifacts, which count as evidence in the quota \`fleet.quota.evidence_gb\`. An account sends one artifact at a time.`,
    join: 'local',
    parameters: [artifactParameter, ...ARTIFACT_PART.parameters],
    body: ARTIFACT_PART.body,
    responses: {
      200: {
        description: 'The hub stores the artifact',
        schema: UpdateArtifact,
        example: { id: artifact.id, size: artifact.size_bytes, received: artifact.size_bytes, complete: true },
      },
      202: {
        description: ARTIFACT_PART.incomplete,
        schema: UpdateArtifact,
        example: { id: artifact.id, size: artifact.size_bytes, received: 1_048_576, complete: false },
      },
    },
    errors: [...ARTIFACT_PART.errors, 'precondition-not-fulfilled', 'x-medkit-fleet-quota', ...FLEET_ERRORS],
    unusualErrors: [[408, 'invalid-request']],
  },
];

export const deleteFleetArtifact: RouteFamily<never, never> = [
  {
    method: 'delete',
    path: ARTIFACT,
    operationId: 'deleteFleetArtifact',
    permission: 'campaigns.write',
    tag: 'Fleet',
    summary: 'Delete an artifact',
    description: 'Refused while a campaign that has not ended uses it. Robots that have received it keep it.',
    join: 'local',
    parameters: [artifactParameter],
    responses: { 204: { description: 'Deleted' } },
    errors: ['resource-not-found', 'invalid-parameter', 'precondition-not-fulfilled', ...FLEET_ERRORS],
  },
];
