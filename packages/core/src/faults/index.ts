export { listedStatus } from './listed-status.ts';
