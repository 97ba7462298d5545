/**
 * Announcement of a node about an entity, usually itself. Empty texts and lists, and process id 0, mean unknown. The
 * fields correspond to `ros2_medkit_msgs/msg/MedkitDiscoveryHint`.
 */
export interface BeaconHint {
  readonly entityId: string;
  /** An id that does not change when the entity is renamed. */
  readonly stableId: string;
  readonly displayName: string;
  /** Functions that the entity participates in. */
  readonly functionIds: readonly string[];
  /** Entities that it depends on. */
  readonly dependsOn: readonly string[];
  /** The component that contains it. */
  readonly componentId: string;
  /** Transport: `shared_memory`, `nitros_zero_copy`. */
  readonly transportType: string;
  /** Negotiated format: `nitros_image_bgr8`. */
  readonly negotiatedFormat: string;
  readonly processId: number;
  readonly processName: string;
  readonly hostname: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Time of the announcement on the monotonic clock; in the past if the hint contains its age. */
  readonly receivedAtMs: number;
}

/** Returns a hint with only the entity id. */
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
