import {
  ConfigurationDeleteMultiStatus,
  ConfigurationList,
  ConfigurationReadValue,
  ConfigurationWriteRequest,
} from '../schemas/configurations.ts';
import { entityRoutes } from './entity-routes.ts';
import { ENTITY_ERRORS, RUNTIME_ERRORS } from './errors.ts';
import { configurationParameter } from './parameters.ts';

const NODE_ERRORS = ['x-medkit-ros2-node-unavailable', ...RUNTIME_ERRORS] as const;

const parameter = {
  name: 'max_vel_x',
  value: 0.5,
  type: 'double' as const,
  description: 'Greatest forward speed, m/s',
  read_only: false,
  range: { from: 0.1, to: 2.5 },
};
const about = { entity_id: 'controller_server', source: 'runtime' };
const ros2 = { node: '/navigation/controller_server' };

export const listConfigurations = entityRoutes<typeof ConfigurationList, never>((terms) => ({
  method: 'get',
  path: '/configurations',
  operationId: `list${terms.cap}Configurations`,
  permission: 'read',
  tag: 'Configuration',
  summary: `List the configurations of ${terms.a}`,
  description:
    'Lists the current parameters of the node, or of the nodes of the members. `x-medkit.parameters` contains values and constraints. Nodes that do not answer are named in the reply.',
  join: { identity: 'member', order: 'gateway', sums: ['total_count'] },
  responses: {
    200: {
      description: 'The parameters',
      schema: ConfigurationList,
      example: {
        items: [{ id: 'max_vel_x', name: 'max_vel_x', type: 'parameter' }],
        'x-medkit': {
          ...about,
          aggregation_level: 'app',
          is_aggregated: false,
          source_ids: ['controller_server'],
          queried_nodes: [ros2.node],
          ros2,
          parameters: [{ id: 'max_vel_x', ...parameter, 'x-medkit': { source: 'controller_server', node: ros2.node } }],
        },
      },
    },
  },
  errors: [...ENTITY_ERRORS, ...NODE_ERRORS],
}));

export const getConfiguration = entityRoutes<typeof ConfigurationReadValue, never>((terms) => ({
  method: 'get',
  path: '/configurations/{config_id}',
  operationId: `get${terms.cap}Configuration`,
  permission: 'read',
  tag: 'Configuration',
  summary: `Read a configuration of ${terms.a}`,
  description:
    'Returns the current value of a parameter and its constraints. If an entity has several nodes and the name has no prefix, the first node that has the parameter answers.',
  join: 'first',
  parameters: [configurationParameter],
  responses: {
    200: {
      description: 'The value',
      schema: ConfigurationReadValue,
      example: { id: 'max_vel_x', data: 0.5, 'x-medkit': { ...about, ros2, parameter } },
    },
  },
  errors: [...ENTITY_ERRORS, 'resource-not-found', ...NODE_ERRORS],
}));

export const setConfiguration = entityRoutes<typeof ConfigurationReadValue, typeof ConfigurationWriteRequest>(
  (terms) => ({
    method: 'put',
    path: '/configurations/{config_id}',
    operationId: `set${terms.cap}Configuration`,
    permission: 'configurations.write',
    tag: 'Configuration',
    summary: `Set a configuration of ${terms.a}`,
    description:
      'Sets one parameter, in the type that its node declares; an integer is accepted for a double. The node can refuse the value.',
    join: 'first',
    parameters: [configurationParameter],
    body: {
      schema: ConfigurationWriteRequest,
      description: 'The value',
      examples: { 'A speed': { data: 0.4 }, 'A list of frames': { data: ['map', 'odom'] } },
    },
    responses: {
      200: {
        description: 'Set',
        schema: ConfigurationReadValue,
        example: {
          id: 'max_vel_x',
          data: 0.4,
          parameter: { name: 'max_vel_x', value: 0.4, type: 'double' },
          'x-medkit': { ...about, ros2, parameter: { name: 'max_vel_x', value: 0.4, type: 'double' } },
        },
      },
    },
    errors: [...ENTITY_ERRORS, 'resource-not-found', 'x-medkit-ros2-parameter-read-only', ...NODE_ERRORS],
  }),
);

export const deleteConfiguration = entityRoutes<never, never>((terms) => ({
  method: 'delete',
  path: '/configurations/{config_id}',
  operationId: `delete${terms.cap}Configuration`,
  permission: 'configurations.write',
  tag: 'Configuration',
  summary: `Reset a configuration of ${terms.a}`,
  description: 'Sets a parameter to the value that it had when the gateway first read it.',
  join: 'first',
  parameters: [configurationParameter],
  responses: { 204: { description: 'Reset' } },
  errors: [
    ...ENTITY_ERRORS,
    'invalid-request',
    'resource-not-found',
    'x-medkit-ros2-parameter-read-only',
    ...NODE_ERRORS,
  ],
}));

export const deleteAllConfigurations = entityRoutes<typeof ConfigurationDeleteMultiStatus, never>((terms) => ({
  method: 'delete',
  path: '/configurations',
  operationId: `deleteAll${terms.cap}Configurations`,
  permission: 'configurations.write',
  tag: 'Configuration',
  summary: `Reset all configurations of ${terms.a}`,
  description:
    'Sets every changed parameter to the value that it had when the gateway first read it, on every node of the entity.',
  join: 'each',
  responses: {
    204: { description: 'All nodes have their initial values' },
    207: {
      description: 'A node was not reset, or some of the nodes belong to another gateway; the result of each',
      schema: ConfigurationDeleteMultiStatus,
      example: {
        entity_id: 'controller_server',
        results: [
          {
            node: ros2.node,
            app_id: 'controller_server',
            success: false,
            error: '1 of 12 parameters could not be reset: frame_id is read-only',
            details: {
              node_name: ros2.node,
              reset_count: 11,
              failed_count: 1,
              failed_parameters: ['frame_id'],
            },
          },
        ],
      },
    },
  },
  errors: ENTITY_ERRORS,
}));
