import { SovdError } from '@medkit/contract';
import type { UpdateMetadata } from '@medkit/core';

/** Location and expected properties of an update's artifact. */
export interface Registration {
  /** Name of its folder among the artifacts. */
  readonly artifact: string;
  readonly version?: string;
  /** SHA-256 of its manifest, lowercase hexadecimal. */
  readonly sha256?: string;
  /** Base64. */
  readonly signature?: string;
}

/** Maximum characters of an id, because ids become file names. */
export const MAX_ID_LENGTH = 200;
const NAME = /^(?!\.)[A-Za-z0-9._-]{1,255}$/;
const SHA256 = /^[0-9a-fA-F]{64}$/;
const MAX_SIGNATURE_LENGTH = 512;

/** Returns the artifact of an update. Throws `invalid-request` if its metadata is invalid. */
export function registrationOf(metadata: UpdateMetadata): Registration {
  const { id, version } = metadata;
  if (id.length > MAX_ID_LENGTH) throw invalid('id', `has more than ${MAX_ID_LENGTH} characters`);
  const where = metadata['x-medkit'] ?? {};
  if (typeof where !== 'object' || Array.isArray(where)) throw invalid('x-medkit', 'is not an object');
  const { artifact, sha256, signature } = where as Readonly<Record<string, unknown>>;
  if (isPresent(artifact) && !isText(artifact, NAME)) throw invalid('x-medkit.artifact', 'is not a valid folder name');
  if (isPresent(sha256) && !isText(sha256, SHA256)) throw invalid('x-medkit.sha256', 'is not a SHA-256 in hexadecimal');
  if (isPresent(signature) && (typeof signature !== 'string' || signature.length > MAX_SIGNATURE_LENGTH)) {
    throw invalid('x-medkit.signature', 'is not a signature in base64');
  }
  return {
    artifact: isPresent(artifact) ? (artifact as string) : id,
    ...(typeof version === 'string' && { version }),
    ...(isPresent(sha256) && { sha256: (sha256 as string).toLowerCase() }),
    ...(isPresent(signature) && { signature: signature as string }),
  };
}

/** A null field counts as absent. */
function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isText(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value);
}

function invalid(field: string, problem: string): SovdError {
  const fields = [{ field, message: problem }];
  return new SovdError({ code: 'invalid-request', message: `${field} ${problem}`, parameters: { fields } });
}
