import type { AppDetail, AppListItem } from '../schemas/app.ts';
import type { AreaDetail, AreaListItem } from '../schemas/area.ts';
import type { ComponentDetail, ComponentListItem } from '../schemas/component.ts';
import type { FunctionDetail, FunctionListItem } from '../schemas/function.ts';
import { entityHref, entityUris } from './entity-uris.ts';

export const AREA_ITEM: AreaListItem = {
  id: 'warehouse',
  name: 'Warehouse',
  type: 'area',
  href: entityHref('area', 'warehouse'),
  'x-medkit': { ros2: { namespace: '/warehouse' } },
};

export const COMPONENT_ITEM: ComponentListItem = {
  id: 'amr_01',
  name: 'amr_01',
  type: 'component',
  href: entityHref('component', 'amr_01'),
  description: 'Ubuntu 24.04 on x86_64',
  'x-medkit': { source: 'runtime' },
};

export const APP_ITEM: AppListItem = {
  id: 'lidar_driver',
  name: 'lidar_driver',
  type: 'app',
  href: entityHref('app', 'lidar_driver'),
  'x-medkit': { source: 'heuristic', is_online: true, component_id: 'amr_01', ros2: { node: '/lidar_driver' } },
};

export const FUNCTION_ITEM: FunctionListItem = {
  id: 'navigation',
  name: 'navigation',
  type: 'function',
  href: entityHref('function', 'navigation'),
  'x-medkit': { source: 'runtime' },
};

export const AREA_DETAIL: AreaDetail = {
  id: 'warehouse',
  name: 'Warehouse',
  type: 'area',
  ...entityUris('area', 'warehouse'),
  capabilities: [{ name: 'data', href: entityHref('area', 'warehouse', 'data') }],
  _links: { self: entityHref('area', 'warehouse'), collection: '/api/v1/areas' },
  'x-medkit': { ros2: { namespace: '/warehouse' } },
};

export const COMPONENT_DETAIL: ComponentDetail = {
  id: 'amr_01',
  name: 'amr_01',
  type: 'component',
  ...entityUris('component', 'amr_01'),
  capabilities: [{ name: 'hosts', href: entityHref('component', 'amr_01', 'hosts') }],
  _links: { self: entityHref('component', 'amr_01'), collection: '/api/v1/components' },
  'x-medkit': { source: 'runtime', type: 'Component' },
};

export const APP_DETAIL: AppDetail = {
  id: 'lidar_driver',
  name: 'lidar_driver',
  type: 'app',
  ...entityUris('app', 'lidar_driver'),
  'is-located-on': entityHref('component', 'amr_01'),
  'belongs-to': entityHref('app', 'lidar_driver', 'belongs-to'),
  capabilities: [{ name: 'data', href: entityHref('app', 'lidar_driver', 'data') }],
  _links: { self: entityHref('app', 'lidar_driver'), collection: '/api/v1/apps' },
  'x-medkit': { source: 'heuristic', is_online: true, component_id: 'amr_01', ros2: { node: '/lidar_driver' } },
};

export const FUNCTION_DETAIL: FunctionDetail = {
  id: 'navigation',
  name: 'navigation',
  type: 'function',
  ...entityUris('function', 'navigation'),
  capabilities: [{ name: 'hosts', href: entityHref('function', 'navigation', 'hosts') }],
  _links: { self: entityHref('function', 'navigation'), collection: '/api/v1/functions' },
  'x-medkit': { source: 'runtime', hosts: ['bt_navigator', 'nav2_planner'] },
};
