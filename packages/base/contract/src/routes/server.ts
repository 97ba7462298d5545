import { HealthStatus } from '../schemas/health.ts';
import { RootOverview } from '../schemas/root.ts';
import { VersionInfo } from '../schemas/version.ts';
import { VERSION } from '../version.ts';
import { API_BASE, type RouteFamily, SOVD_VERSION } from './route.ts';

const entry = { version: SOVD_VERSION, base_uri: API_BASE, vendor_info: { name: 'medkit', version: VERSION } };

export const getRoot: RouteFamily<typeof RootOverview> = [
  {
    method: 'get',
    path: '/',
    operationId: 'getRoot',
    permission: 'read',
    tag: 'Server',
    summary: 'Show what this gateway offers',
    description: 'Returns the name, the version, all routes, and the supported parts of SOVD.',
    parameters: [],
    responses: {
      200: {
        description: 'The overview',
        schema: RootOverview,
        example: {
          name: 'medkit',
          version: VERSION,
          api_base: API_BASE,
          endpoints: ['GET /api/v1/health', 'GET /api/v1/apps'],
          capabilities: {
            discovery: true,
            data_access: true,
            operations: false,
            async_actions: false,
            configurations: false,
            faults: false,
            logs: false,
            bulk_data: false,
            cyclic_subscriptions: false,
            locking: false,
            triggers: false,
            updates: false,
            authentication: false,
            tls: false,
            scripts: false,
            aggregation: false,
            vendor_extensions: false,
          },
          server_name: 'medkit',
          sovd_version: SOVD_VERSION,
          supported_features: ['discovery', 'data_access'],
          entry_points: { apps: '/api/v1/apps', health: '/api/v1/health' },
        },
      },
    },
    errors: [],
  },
];

export const getVersionInfo: RouteFamily<typeof VersionInfo> = [
  {
    method: 'get',
    path: '/version-info',
    operationId: 'getVersionInfo',
    permission: 'read',
    tag: 'Server',
    summary: 'List the versions of SOVD and of the gateway',
    description:
      'Returns which version of SOVD is served under which address. With `aggregation.enabled`, the list has an entry for every other gateway that answers, with its address. Gateways that do not answer are in `failed_peers`.',
    join: { identity: 'none', order: 'gateway', sums: [], direct: true, alias: 'sovd_info' },
    parameters: [],
    responses: {
      200: { description: 'The versions', schema: VersionInfo, example: { items: [entry], sovd_info: [entry] } },
    },
    errors: [],
  },
];

export const getHealth: RouteFamily<typeof HealthStatus> = [
  {
    method: 'get',
    path: '/health',
    operationId: 'getHealth',
    permission: 'public',
    tag: 'Server',
    summary: 'Show the health of the gateway',
    description:
      'Returns whether the gateway runs, and warnings that you can act on, such as the reason for an empty tree or for messages that cannot be received. A client without read permission receives only the status.',
    parameters: [],
    responses: {
      200: {
        description: 'The health; warnings do not change the status',
        schema: HealthStatus,
        example: {
          status: 'healthy',
          timestamp: 1774231973000000000,
          warning_schema_version: 2,
          warnings: [
            {
              code: 'receive_buffer_small',
              message:
                'The system grants a receive buffer of 208 KiB; large messages may be lost. Raise net.core.rmem_max.',
              entity_ids: [],
              ros_node_fqns: [],
              peer_names: [],
            },
          ],
          discovery: { mode: 'runtime_only', strategy: 'runtime' },
        },
      },
    },
    errors: [],
  },
];
