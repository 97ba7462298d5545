import { named, optional } from './compose.ts';
import * as Type from './type.ts';

/** Artifacts that a hub stores: campaigns use a few of them, and the hub compares all with its store each day. */
export const MAX_FLEET_ARTIFACTS = 200;
/** Campaigns that an artifact lists, the newest first. */
export const MAX_ARTIFACT_CAMPAIGNS = 20;

export const FleetArtifact = named(
  'FleetArtifact',
  Type.Object({
    id: Type.String({ description: 'Id of the update.' }),
    sha256: Type.String({ description: 'SHA-256 of the archive, hexadecimal.' }),
    size_bytes: Type.Integer({ minimum: 0, description: 'Bytes of the archive.' }),
    manifest_sha256: Type.String({
      description: 'SHA-256 of the manifest, hexadecimal: `x-medkit.sha256` of the update on a robot.',
    }),
    created_at: Type.String({ format: 'date-time', description: 'When the hub received it.' }),
    created_by: Type.String({ description: 'The account that sent it.' }),
    campaigns: Type.Array(Type.String(), {
      description: `Names of the campaigns that use it, the newest first, at most ${MAX_ARTIFACT_CAMPAIGNS}.`,
    }),
  }),
);
export type FleetArtifact = Type.Static<typeof FleetArtifact>;

export const FleetArtifactList = named(
  'FleetArtifactList',
  Type.Object({
    items: Type.Array(FleetArtifact),
    total: Type.Integer({ description: 'Number of artifacts.' }),
    next_cursor: optional(Type.String({ description: 'Cursor of the next page; absent on the last one.' })),
  }),
);
export type FleetArtifactList = Type.Static<typeof FleetArtifactList>;
