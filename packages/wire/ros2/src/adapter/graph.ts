/** A QoS profile as ROS 2 tools show it. Durations in milliseconds, `null` for infinite. */
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
  /** The DDS participants that announce it, GUID prefixes; more than one means a name used twice. */
  readonly participants: readonly string[];
}

/** A publisher, subscription, or one half of a service, as one DDS endpoint. */
export interface RosEndpoint {
  /** GUID, 32 hex digits. */
  readonly gid: string;
  readonly role: 'publisher' | 'subscription' | 'service' | 'client';
  /** Topic name (`/scan`) or service name (`/lidar_driver/get_parameters`). */
  readonly name: string;
  /** `sensor_msgs/msg/LaserScan`, `std_srvs/srv/Trigger`; `nav2_msgs/action/NavigateToPose_FeedbackMessage` for action topics. */
  readonly type: string;
  /** `RIHS01_…`, where the endpoint announces it (since Iron). */
  readonly typeHash: string | undefined;
  /** FQN of the node that owns it, `undefined` until its participant has said so. */
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
  /** It uses DDS security (SROS2), which medkit does not speak. */
  readonly secure: boolean;
  /** Absent where it does not say which process it runs in. */
  readonly process?: RosProcess;
}

/** The process of a participant, as it announces it: in a container by an id that holds only there. */
export interface RosProcess {
  readonly id: number;
  readonly hostname?: string;
  /** Of its program, without a path. */
  readonly name?: string;
}

/** A publisher and a subscription of one topic whose QoS keeps them apart, or one of them and medkit's own endpoint. */
export interface IncompatibleTopic {
  readonly topic: string;
  readonly policies: readonly string[];
  readonly remoteNode: string | undefined;
}

/** All that is known of the ROS graph at one moment. Without medkit's own nodes and endpoints unless they are public. */
export interface Graph {
  /** Grows with every change. */
  readonly generation: number;
  readonly participants: readonly RosParticipant[];
  readonly nodes: readonly RosNode[];
  readonly endpoints: readonly RosEndpoint[];
}

/** What changed from one generation to the next. */
export interface GraphDiff {
  readonly generation: number;
  readonly nodes: { readonly added: readonly RosNode[]; readonly removed: readonly string[] };
  /** An endpoint whose owner or QoS became known or changed is in `added` again. */
  readonly endpoints: { readonly added: readonly RosEndpoint[]; readonly removed: readonly string[] };
  readonly participants: {
    readonly added: readonly RosParticipant[];
    readonly removed: readonly string[];
    /** Of those removed the ones that fell silent until their lease was over, rather than say goodbye: crashed, or cut off. */
    readonly lost?: readonly string[];
  };
}
