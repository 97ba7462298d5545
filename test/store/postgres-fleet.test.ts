import { describeOwners } from './postgres-owners.ts';

describeOwners('fleet/src/**/*.test.ts');
