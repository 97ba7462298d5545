import type { UpdateDetail } from '@medkit/contract';

/** The members of a registered update that the pages use. A text is empty if it is missing. */
export interface RegisteredMembers {
  readonly name: string;
  readonly version: string;
  readonly isAutomated: boolean;
  readonly components: readonly string[];
  readonly affected: readonly string[];
  readonly origins: readonly string[];
  readonly artifact: string;
  readonly sha256: string;
}

/** Reads a registration. It is stored unchanged, so every member may have any type. */
export function registeredMembers(detail: UpdateDetail | undefined): RegisteredMembers {
  const members = (detail ?? {}) as Readonly<Record<string, unknown>>;
  const { artifact, sha256 } = Object(members['x-medkit']);
  return {
    name: text(members['update_name']),
    version: text(members['version']),
    isAutomated: members['automated'] === true,
    components: list(members['updated_components']),
    affected: list(members['affected_components']),
    origins: list(members['origins']),
    artifact: text(artifact),
    sha256: text(sha256),
  };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** What the user typed about an update; an empty text is left out. */
export interface RegisterInput {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly artifact: string;
  readonly sha256: string;
  readonly components: readonly string[];
  readonly isAutomated: boolean;
}

/** Returns the body of a registration. */
export function registerRequest(input: RegisterInput) {
  const { id, name, version, artifact, sha256, components, isAutomated } = input;
  const [folder, digest] = [artifact.trim(), sha256.trim()];
  const place = {
    ...(folder !== '' && folder !== id.trim() && { artifact: folder }),
    ...(digest !== '' && { sha256: digest }),
  };
  return {
    id: id.trim(),
    ...(name.trim() !== '' && { update_name: name.trim() }),
    ...(version.trim() !== '' && { version: version.trim() }),
    ...(isAutomated && { automated: true }),
    ...(components.length > 0 && { updated_components: [...components] }),
    ...(Object.keys(place).length > 0 && { 'x-medkit': place }),
  };
}
