/** A QoS profile in the form of ROS 2 tools. Durations in milliseconds, `null` for infinite. */
export interface QosProfile {
  readonly reliability: 'reliable' | 'best_effort';
  readonly durability: 'volatile' | 'transient_local';
  readonly history: 'keep_last' | 'keep_all';
  readonly depth: number;
  readonly deadlineMs: number | null;
  readonly lifespanMs: number | null;
  readonly liveliness: 'automatic' | 'manual_by_topic';
  readonly livelinessLeaseMs: number | null;
}

/** A node of the graph. */
export interface RosNode {
  /** Namespace and name: `/robot/camera`. */
  readonly fqn: string;
  readonly name: string;
  /** `/` for the root namespace. */
  readonly namespace: string;
  /** GUID prefixes of the DDS participants that announce it. More than one means that the name is used twice. */
  readonly participants: readonly string[];
}

/** A publisher, a subscription, or one half of a service: one DDS endpoint. */
export interface RosEndpoint {
  /** GUID, 32 hex digits. */
  readonly gid: string;
  readonly role: 'publisher' | 'subscription' | 'service' | 'client';
  /** Topic name (`/scan`) or service name (`/lidar_driver/get_parameters`). */
  readonly name: string;
  /** `sensor_msgs/msg/LaserScan`, `std_srvs/srv/Trigger`; `nav2_msgs/action/NavigateToPose_FeedbackMessage` for action topics. */
  readonly type: string;
  /** `RIHS01_…`, if the endpoint announces it (since Iron). */
  readonly typeHash: string | undefined;
  /** FQN of its node. `undefined` until its participant has announced it. */
  readonly node: string | undefined;
  readonly participant: string;
  readonly qos: QosProfile;
}

export interface RosParticipant {
  readonly guidPrefix: string;
  /** `Cyclone DDS`, `Fast DDS`, …, or the vendor id in hex. */
  readonly vendor: string;
  readonly address: string;
  readonly name: string;
  /** It uses DDS security (SROS2), which medkit does not support. */
  readonly secure: boolean;
  /** Absent if the participant does not announce its process. */
  readonly process?: RosProcess;
}

/** The process of a participant, as announced. In a container, the id is valid only inside that container. */
export interface RosProcess {
  readonly id: number;
  readonly hostname?: string;
  /** Name of its program, without path. */
  readonly name?: string;
}

/** A publisher and a subscription of one topic whose QoS is incompatible; one of them may be medkit's own endpoint. */
export interface IncompatibleTopic {
  readonly topic: string;
  readonly policies: readonly string[];
  readonly remoteNode: string | undefined;
}

/** The ROS graph at one moment. medkit's own nodes and endpoints are excluded unless they are public. */
export interface Graph {
  /** Incremented with every change. */
  readonly generation: number;
  readonly participants: readonly RosParticipant[];
  readonly nodes: readonly RosNode[];
  readonly endpoints: readonly RosEndpoint[];
}

/** The changes from one generation to the next. */
export interface GraphDiff {
  readonly generation: number;
  readonly nodes: { readonly added: readonly RosNode[]; readonly removed: readonly string[] };
  /** An endpoint whose node or QoS was announced or changed is listed in `added` again. */
  readonly endpoints: { readonly added: readonly RosEndpoint[]; readonly removed: readonly string[] };
  readonly participants: {
    readonly added: readonly RosParticipant[];
    readonly removed: readonly string[];
    /** The removed participants whose lease expired without a dispose: they crashed or lost their connection. */
    readonly lost?: readonly string[];
  };
}
