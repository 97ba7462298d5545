import type { Setting } from './setting.ts';

/** Settings of the ROS graph: how the gateway joins and records it, and creates entities from it. */
export const ROS_SETTINGS = {
  'ros.enabled': {
    type: 'boolean',
    default: true,
    since: '0.2.0',
    about:
      "Join the robot's ROS 2 graph; without it the gateway is for plugins and a manifest alone, and the code that speaks DDS is not even loaded.",
  },
  'ros.domain_id': {
    type: 'integer',
    default: 0,
    min: 0,
    max: 232,
    outside: 'refuse',
    flag: 'domain',
    variable: 'ROS_DOMAIN_ID',
    since: '0.1.0',
    about: 'DDS domain of the robot.',
  },
  'ros.node': {
    type: 'text',
    default: '/medkit_gateway',
    matches: {
      pattern: /^(?:\/[A-Za-z_]\w*)+$/,
      meaning: 'the full name of a node, such as /diagnostics/ros2_medkit_gateway',
    },
    defaultText:
      'the node whose parameters the configuration file has, such as `/diagnostics/ros2_medkit_gateway`, else `/medkit_gateway`',
    since: '0.2.0',
    about:
      "Full name of the gateway's own node: what other nodes see, and what an app of a manifest is bound to that is the gateway.",
  },
  'ros.own_thread': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Speak DDS in a thread of its own: if it fails, the gateway stays and starts another. Costs about 25 MB of memory and some processor time, and makes no answer faster.',
  },
  'ros.type_folders': {
    type: 'list',
    default: [],
    flag: 'type-folder',
    since: '0.1.0',
    about:
      'Folders with message definitions as `<package>/msg/<Type>.msg`, directly, below `share`, or as colcon installs packages; looked into after the bundled ones, `AMENT_PREFIX_PATH` and `/opt/ros/*/share`.',
  },
  'record.file': {
    type: 'text',
    default: '',
    flag: 'record',
    since: '0.1.0',
    about:
      'Write every datagram of the robot that is sent and received to this pcap file, for a bug report. The values that nodes exchange are in it.',
  },
  'record.max_bytes': {
    type: 'integer',
    default: 67_108_864,
    min: 65_536,
    max: 17_179_869_184,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Octets after which such a recording ends; its first part is kept.',
  },
  'discovery.runtime.create_functions_from_namespaces': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about: 'Make a function of every first namespace segment; nodes of the root namespace belong to `root`.',
  },
  'discovery.runtime.default_component.enabled': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about: 'Show this host as the component that all apps are located on.',
  },
  'discovery.runtime.filter_internal_nodes': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about: 'Leave out nodes whose name starts with an underscore.',
  },
  'discovery.runtime.show_own_nodes': {
    type: 'boolean',
    default: false,
    since: '0.2.0',
    about:
      'Show the nodes of medkit itself, the gateway and its fault manager, as apps; an app of a manifest that is bound to one is shown anyway.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
