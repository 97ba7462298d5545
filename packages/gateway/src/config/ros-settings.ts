import type { Setting } from './setting.ts';

/** Settings of the ROS graph: how the gateway joins and records it, and creates entities from it. */
export const ROS_SETTINGS = {
  'ros.enabled': {
    type: 'boolean',
    default: true,
    since: '0.2.0',
    about:
      'Joins the ROS 2 graph of the robot. If off, the gateway shows only plugins and a manifest, and does not load its DDS code.',
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
      'the node whose parameters are in the configuration file, such as `/diagnostics/ros2_medkit_gateway`, otherwise `/medkit_gateway`',
    since: '0.2.0',
    about: 'Full name of the node of the gateway. Other nodes see this name, and an app of a manifest binds to it.',
  },
  'ros.own_thread': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Runs DDS in a separate thread: if it fails, the gateway continues and starts a new one. Costs about 25 MB of memory and some processor time, and does not speed up replies.',
  },
  'ros.type_folders': {
    type: 'list',
    default: [],
    flag: 'type-folder',
    since: '0.1.0',
    about:
      'Folders with message definitions as `<package>/msg/<Type>.msg`: directly in the folder, below `share`, or as colcon installs packages. Searched after the bundled definitions, `AMENT_PREFIX_PATH` and `/opt/ros/*/share`.',
  },
  'record.file': {
    type: 'text',
    default: '',
    flag: 'record',
    since: '0.1.0',
    about:
      'Writes every datagram to and from the robot to this pcap file, for a bug report. The file contains the values that nodes exchange.',
  },
  'record.max_bytes': {
    type: 'integer',
    default: 67_108_864,
    min: 65_536,
    max: 17_179_869_184,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Maximum size of that file in bytes; later datagrams are not recorded.',
  },
  'discovery.runtime.create_functions_from_namespaces': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about: 'Creates a function for every first namespace segment; nodes in the root namespace belong to `root`.',
  },
  'discovery.runtime.default_component.enabled': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about: 'Shows this host as the component that hosts all apps.',
  },
  'discovery.runtime.filter_internal_nodes': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about: 'Hides nodes whose name starts with an underscore.',
  },
  'discovery.runtime.show_own_nodes': {
    type: 'boolean',
    default: false,
    since: '0.2.0',
    about:
      'Shows the nodes of medkit, the gateway and its fault manager, as apps. An app of the manifest that is bound to one is always shown.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
