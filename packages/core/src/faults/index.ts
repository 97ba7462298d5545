export { listedStatus } from './list-item-status.ts';
