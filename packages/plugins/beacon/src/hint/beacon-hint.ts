/**
 * What a node says of an entity, usually of itself. Empty texts and lists, and process id 0, say nothing. Field by field
 * that of `ros2_medkit_msgs/msg/MedkitDiscoveryHint`.
 */
export interface BeaconHint {
  readonly entityId: string;
  /** An id that outlives renaming. */
  readonly stableId: string;
  readonly displayName: string;
  /** Functions that the entity takes part in. */
  readonly functionIds: readonly string[];
  /** Entities that it needs. */
  readonly dependsOn: readonly string[];
  /** The component that it is part of. */
  readonly componentId: string;
  /** How it is reached: `shared_memory`, `nitros_zero_copy`. */
  readonly transportType: string;
  /** What it agreed to exchange: `nitros_image_bgr8`. */
  readonly negotiatedFormat: string;
  readonly processId: number;
  readonly processName: string;
  readonly hostname: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** When it was said, on the monotonic clock; in the past where the hint says so itself. */
  readonly receivedAtMs: number;
}

/** A hint that says nothing but whom it is about. */
export function emptyHint(entityId: string, receivedAtMs: number): BeaconHint {
  return {
    entityId,
    stableId: '',
    displayName: '',
    functionIds: [],
    dependsOn: [],
    componentId: '',
    transportType: '',
    negotiatedFormat: '',
    processId: 0,
    processName: '',
    hostname: '',
    metadata: {},
    receivedAtMs,
  };
}
