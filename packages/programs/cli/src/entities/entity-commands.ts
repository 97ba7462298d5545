import { entitiesCommand } from './list-entities.ts';

export const apps = entitiesCommand('app');
export const components = entitiesCommand('component');
export const areas = entitiesCommand('area');
export const functions = entitiesCommand('function');
