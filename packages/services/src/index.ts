export type { DataCategory, DataGroup, GroupList } from './data/data-groups.ts';
export { createDataService, type DataService, type DataServiceOptions } from './data/data-service.ts';
export { type EntityDetailOf, entityDetail } from './discovery/entity-detail.ts';
export { type EntityListOf, entityList } from './discovery/entity-list.ts';
export { entityOf, presentEntity } from './discovery/lookup.ts';
export * from './discovery/relations.ts';
export { type HealthOptions, healthStatus } from './health/health-status.ts';
