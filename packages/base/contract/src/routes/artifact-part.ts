import * as Type from '../schemas/type.ts';
import { UpdateArtifactContent } from '../schemas/updates.ts';
import type { Parameter } from './route.ts';

const parameters: readonly Parameter[] = [
  {
    name: 'sha256',
    in: 'query',
    required: true,
    description: 'SHA-256 of the whole archive, hexadecimal',
    schema: Type.String({ pattern: '^[0-9a-fA-F]{64}$' }),
    example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  },
  {
    name: 'Content-Range',
    in: 'header',
    description: 'Part of the archive in this request: `bytes <first>-<last>/<size>`, or `bytes */<size>`',
    schema: Type.String(),
    example: 'bytes 0-1048575/73400320',
  },
];

/** What the routes that receive an artifact in parts have in common. */
export const ARTIFACT_PART = {
  description:
    'The archive is a tar of a folder that `medkit update pack` created. Each request sends a part of it that begins at the byte after those received; `Content-Range: bytes */<size>` with an empty body queries their number. A request without `Content-Range` sends the whole archive and discards the bytes received before. An incomplete transfer is removed after a day without a byte.',
  parameters,
  body: {
    required: false,
    media: 'application/x-tar',
    schema: UpdateArtifactContent,
    description: 'The archive, or a part of it',
    examples: {},
  },
  incomplete: 'The artifact is incomplete: send the rest. If all bytes are received, it is being checked: query again',
  errors: [
    'invalid-request',
    'invalid-parameter',
    'payload-too-large',
    'x-medkit-range-not-satisfiable',
    'x-medkit-storage-full',
    'x-medkit-update-in-progress',
    'x-medkit-update-refused',
  ],
} as const;
