import { AppDetail, AppList } from '../schemas/app.ts';
import { AreaDetail, AreaList } from '../schemas/area.ts';
import { ComponentDetail, ComponentList } from '../schemas/component.ts';
import { FunctionDetail, FunctionList } from '../schemas/function.ts';
import type { EntityKind } from './entity-kinds.ts';
import { entityRoutes } from './entity-routes.ts';
import { ENTITY_ERRORS } from './errors.ts';
import * as example from './examples.ts';
import { perKind, type Success } from './route.ts';

type AnyList = typeof AreaList | typeof ComponentList | typeof AppList | typeof FunctionList;
type AnyDetail = typeof AreaDetail | typeof ComponentDetail | typeof AppDetail | typeof FunctionDetail;

const total = { 'x-medkit': { total_count: 1 } };

const LISTS: Readonly<Record<EntityKind, Success<AnyList>>> = {
  area: {
    description: 'The areas without a parent area',
    schema: AreaList,
    example: { items: [example.AREA_ITEM], ...total },
  },
  component: {
    description: 'The components without a parent component',
    schema: ComponentList,
    example: { items: [example.COMPONENT_ITEM], ...total },
  },
  app: { description: 'All apps', schema: AppList, example: { items: [example.APP_ITEM], ...total } },
  function: {
    description: 'All functions',
    schema: FunctionList,
    example: { items: [example.FUNCTION_ITEM], ...total },
  },
};

const DETAILS: Readonly<Record<EntityKind, Success<AnyDetail>>> = {
  area: { description: 'The area', schema: AreaDetail, example: example.AREA_DETAIL },
  component: { description: 'The component', schema: ComponentDetail, example: example.COMPONENT_DETAIL },
  app: { description: 'The app', schema: AppDetail, example: example.APP_DETAIL },
  function: { description: 'The function', schema: FunctionDetail, example: example.FUNCTION_DETAIL },
};

const MEANING: Readonly<Record<EntityKind, string>> = {
  area: 'An area groups components: a namespace of the robot, a room, a zone.',
  component: 'A component is a hardware unit or a host that runs apps.',
  app: 'An app is a running piece of software: a ROS 2 node.',
  function: 'A function is a capability of the robot that apps provide.',
};

export const listEntities = perKind<AnyList, never>(({ kind, cap, collection }) => ({
  method: 'get',
  path: `/${collection}`,
  operationId: `list${cap}s`,
  permission: 'read',
  tag: 'Discovery',
  summary: `List ${collection}`,
  description: `${LISTS[kind].description}. ${MEANING[kind]}`,
  kind,
  join: 'tree',
  parameters: [],
  responses: { 200: LISTS[kind] },
  errors: [],
  cached: true,
}));

export const getEntity = entityRoutes<AnyDetail, never>((terms) => ({
  method: 'get',
  path: '',
  operationId: `get${terms.cap}`,
  permission: 'read',
  tag: 'Discovery',
  summary: `Get ${terms.a}`,
  description: `Returns ${terms.a} with the addresses of its resources. \`capabilities\` lists the resources that this gateway serves.`,
  responses: { 200: DETAILS[terms.kind] },
  errors: ENTITY_ERRORS,
  cached: true,
}));
