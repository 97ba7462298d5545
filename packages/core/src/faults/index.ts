export { isCrossed } from './crossing.ts';
export { listedStatus } from './list-item-status.ts';
