export { TEST_DATABASE, testStore } from './test-store.ts';
