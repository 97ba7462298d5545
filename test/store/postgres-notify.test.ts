import { describeOwners } from './postgres-owners.ts';

describeOwners('notify/src/**/*.test.ts', 'incidents/src/**/*.test.ts');
